// Any bytes to the reader of WeChat's HTTP responses. Run as
//     build/asan/bin/fuzz_response tests/fuzz/corpus/response -max_len=2048
#include "tests/fuzz/response_property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    wxlogind::test::check_response({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
