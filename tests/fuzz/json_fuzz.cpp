// Any bytes to the reader of JSON objects. Run as
//     build/asan/bin/fuzz_json tests/fuzz/corpus/json -max_len=4096
#include "tests/fuzz/json_property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    wxlogind::test::check_json({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
