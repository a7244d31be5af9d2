// Any bytes as tokens, and as parts of tokens with a right MAC. Run as
//     build/asan/bin/fuzz_token tests/fuzz/corpus/token -max_len=4096
#include "tests/fuzz/token_property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const wxlogind::test::token_property property;
    property.check({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
