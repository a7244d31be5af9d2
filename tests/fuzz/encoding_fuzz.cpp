// Any bytes to the decoders. Run as
//     build/asan/bin/fuzz_encoding tests/fuzz/corpus/encoding -max_len=4096
#include "tests/fuzz/encoding_property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    wxlogind::test::check_encoding({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
