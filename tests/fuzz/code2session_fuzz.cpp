// Any bytes to the reader of WeChat's code2Session replies. Run as
//     build/asan/bin/fuzz_code2session tests/fuzz/corpus/code2session -max_len=4096
#include "tests/fuzz/code2session_property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    wxlogind::test::check_code2session({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
