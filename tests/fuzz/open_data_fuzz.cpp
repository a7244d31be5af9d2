// Any bytes to the reader of open data. Run as
//     build/asan/bin/fuzz_open_data tests/fuzz/corpus/open_data -max_len=4096
#include "tests/fuzz/open_data_property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    wxlogind::test::check_open_data({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
