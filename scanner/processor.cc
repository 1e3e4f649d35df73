// Hyperscan picks its code by the processor when a database is compiled; hs_populate_platform says
// what it sees. Beside scanner/literal_set.cc the only user of hs.h.
#include "scanner/processor.h"

#include <fmt/format.h>
#include <hs/hs.h>

#include <string_view>

namespace assay {

namespace {

// "5.4.0 2020-12-07" without its day.
std::string version_of(std::string_view text) {
  return std::string(text.substr(0, text.find(' ')));
}

std::vector<std::string> features() {
  std::vector<std::string> out;
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("ssse3")) out.emplace_back("SSSE3");
  if (__builtin_cpu_supports("sse4.2")) out.emplace_back("SSE4.2");
  if (__builtin_cpu_supports("avx2")) out.emplace_back("AVX2");
  if (__builtin_cpu_supports("avx512bw")) out.emplace_back("AVX-512");
  if (__builtin_cpu_supports("avx512vbmi")) out.emplace_back("AVX-512 VBMI");
#endif
  return out;
}

}  // namespace

EngineFacts engine_facts() {
  EngineFacts facts;
  facts.features = features();
  facts.usable = hs_valid_platform() == HS_SUCCESS;
#if defined(__x86_64__) || defined(__i386__)
  facts.library = fmt::format("Hyperscan {}", version_of(hs_version()));
  facts.code = "SSSE3";
  hs_platform_info_t platform{};
  if (hs_populate_platform(&platform) == HS_SUCCESS) {
    if (platform.cpu_features & HS_CPU_FEATURES_AVX2) facts.code = "AVX2";
    if (platform.cpu_features & HS_CPU_FEATURES_AVX512) facts.code = "AVX-512";
  }
#else
  facts.library = fmt::format("Vectorscan {}", version_of(hs_version()));
  facts.code = "its own";
#endif
  return facts;
}

}  // namespace assay
