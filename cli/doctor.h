// What assay doctor looks at, one function a subject. Each appends its checks.
#pragma once

#include <string>
#include <vector>

#include "reports/checkup.h"

namespace assay {

// This machine: doctor_program.cc.
void check_program(std::vector<Check>& checks);
void check_libraries(std::vector<Check>& checks);
void check_processor(std::vector<Check>& checks);
void check_cache(std::vector<Check>& checks);
// Makes keys, hides them, and scans for them.
void check_finding(std::vector<Check>& checks);

// `path` and the repository that it lies in: doctor_place.cc, doctor_hooks.cc.
void check_config(const std::string& path, std::vector<Check>& checks);
void check_ignore_file(const std::string& path, std::vector<Check>& checks);
void check_repository(const std::string& path, std::vector<Check>& checks);
void check_hooks(const std::string& path, std::vector<Check>& checks);

// The first program `assay` on PATH, of its absolute folders; empty: there is none.
std::string program_on_path();
// Whether both are the same file, or files of the same bytes.
bool same_program(const std::string& one, const std::string& other);

}  // namespace assay
