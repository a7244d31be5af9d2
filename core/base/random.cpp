#include "core/base/random.hpp"

#include <openssl/rand.h>

#include <limits>
#include <stdexcept>

namespace wxlogind {

void fill_random(std::span<unsigned char> bytes) {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
        RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error{"no random bytes from OpenSSL"};
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    fill_random({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
    return bytes;
}

} // namespace wxlogind
