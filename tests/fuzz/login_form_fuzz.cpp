// Any bytes as the query or the body of a login. Run as
//     build/asan/bin/fuzz_login_form tests/fuzz/corpus/login_form -max_len=4096
#include "tests/fuzz/login_form_property.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    wxlogind::test::check_login_form({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
