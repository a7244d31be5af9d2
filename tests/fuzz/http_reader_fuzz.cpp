// Any bytes to the strict reader. Run as
//     build/asan/bin/fuzz_http_reader tests/fuzz/corpus/http_reader -max_len=24576
#include "tests/fuzz/http_reader_property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    wxlogind::test::check_reader({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
