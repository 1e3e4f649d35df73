// Asking for a value at a terminal without showing it.
#pragma once

#include <termios.h>

namespace assay {

// While it lives, what is typed at standard input is not shown. A signal that ends the program, and
// its own end, put the terminal back as it was. Does nothing where standard input is no terminal.
// One at a time.
class HiddenInput {
 public:
  HiddenInput();
  ~HiddenInput();
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

  bool hidden() const { return hidden_; }

 private:
  bool hidden_ = false;
};

}  // namespace assay
