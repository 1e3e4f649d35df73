// The fields at the top of a small JSON object: a header line, an entry of a log.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace assay {

// Takes nothing but what is directly in the object; holds nothing else. Refuses what nests deeper
// than kMostDepth. For nlohmann::json::sax_parse.
class JsonTop : public nlohmann::json_sax<nlohmann::json> {
 public:
  static constexpr int kMostDepth = 64;

  // The name of a field, and the value that follows it if it is a string or a number of 0 or more.
  virtual void name(std::string& name) = 0;
  virtual void text(std::string& value) = 0;
  virtual void whole_number(uint64_t value) { (void)value; }

  bool null() final { return true; }
  bool boolean(bool) final { return true; }
  bool number_integer(number_integer_t) final { return true; }
  bool number_unsigned(number_unsigned_t value) final {
    if (depth_ == 1) whole_number(value);
    return true;
  }
  bool number_float(number_float_t, const string_t&) final { return true; }
  bool string(string_t& value) final {
    if (depth_ == 1) text(value);
    return true;
  }
  bool binary(binary_t&) final { return true; }
  bool start_object(size_t) final { return ++depth_ < kMostDepth; }
  bool end_object() final { return --depth_ >= 0; }
  bool start_array(size_t) final { return ++depth_ < kMostDepth; }
  bool end_array() final { return --depth_ >= 0; }
  bool key(string_t& key) final {
    if (depth_ == 1) name(key);
    return true;
  }
  bool parse_error(size_t, const std::string&, const nlohmann::json::exception&) final {
    return false;
  }

 private:
  int depth_ = 0;
};

}  // namespace assay
