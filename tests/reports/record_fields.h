// A record of which only some fields are known.
#pragma once

#include <string>

#include "scanner/finding.h"

namespace assay {

struct RecordFields {
  std::string system = {}, container = {}, id = {}, author = {}, time = {}, link = {};
  std::string operation = {};

  operator Record() const {  // implicit: rows of tests give it for a Record
    return {system, container, id, author, time, link, operation};
  }
};

}  // namespace assay
