// Any bytes as the Content-Type and the body of an upload. Run as
//     build/asan/bin/fuzz_multipart tests/fuzz/corpus/multipart -max_len=8192
#include "tests/fuzz/multipart_property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    wxlogind::test::check_multipart({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
