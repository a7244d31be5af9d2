// Any bytes as a PROXY header. Run as
//     build/asan/bin/fuzz_proxy_header tests/fuzz/corpus/proxy_header -max_len=2048
#include "tests/fuzz/proxy_header_property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    wxlogind::test::check_proxy_header({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
