// Echo off and on again. Signals that end the program run `restore_and_die` first; to stop it with
// Ctrl-Z would leave the shell without echo, so that is ignored meanwhile.
#include "cli/secret_prompt.h"

#include <unistd.h>

#include <array>
#include <csignal>

namespace assay {

namespace {

termios g_before{};  // for the signal handler
constexpr std::array kEnding = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
std::array<struct sigaction, kEnding.size()> g_actions{};
struct sigaction g_stop {};

// Only calls that a handler may make.
extern "C" void restore_and_die(int signal) {
  tcsetattr(STDIN_FILENO, TCSANOW, &g_before);
  std::signal(signal, SIG_DFL);
  raise(signal);
}

}  // namespace

HiddenInput::HiddenInput() {
  if (isatty(STDIN_FILENO) != 1 || tcgetattr(STDIN_FILENO, &g_before) != 0) return;
  struct sigaction ending {};
  ending.sa_handler = restore_and_die;
  for (size_t i = 0; i < kEnding.size(); ++i) sigaction(kEnding[i], &ending, &g_actions[i]);
  struct sigaction ignoring {};
  ignoring.sa_handler = SIG_IGN;
  sigaction(SIGTSTP, &ignoring, &g_stop);
  termios quiet = g_before;
  quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  quiet.c_lflag |= ECHONL;  // the line break is shown, so that the next output is on its own line
  hidden_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
}

HiddenInput::~HiddenInput() {
  if (!hidden_) return;
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &g_before);
  for (size_t i = 0; i < kEnding.size(); ++i) sigaction(kEnding[i], &g_actions[i], nullptr);
  sigaction(SIGTSTP, &g_stop, nullptr);
}

}  // namespace assay
