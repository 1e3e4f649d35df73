// The pieces of a value that was broken by layout are put together again; gap.cc knows the gaps.
//
//   …?code=dddddddd⏎   > ddddAz<wbr>Fudddddd   becomes   …?code=ddddddddddddAzFudddddd
#include "scanner/decoders/gap.h"
#include "scanner/decoders/text_decoders.h"

namespace assay {

bool undo_layout(std::string_view text, Restored& out) {
  return take_out_gaps(text, GapFinder::kNoPrefixes, out);
}

}  // namespace assay
