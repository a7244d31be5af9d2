#include "core/base/random.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <stdexcept>

namespace wxlogind {

namespace {

void generate(std::span<unsigned char> bytes) {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
        RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error{"no random bytes from OpenSSL"};
}

// Grows in the child of every fork: what the parent has in store must not be used twice.
std::atomic<unsigned> forks{0};
[[maybe_unused]] const int watching_forks = ::pthread_atfork(nullptr, nullptr, [] { ++forks; });

// Random bytes of one thread, made in advance: asking OpenSSL costs 0.6 us, whether for 12 bytes or for 512.
class random_store {
public:
    static constexpr std::size_t max_request = 64;

    random_store() = default;
    ~random_store() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
    random_store(const random_store&) = delete;
    random_store& operator=(const random_store&) = delete;

    void take(std::span<unsigned char> to) {
        const unsigned forks_now = forks.load(std::memory_order_relaxed);
        if (to.size() > left_ || forks_now != forks_seen_) {
            left_ = 0;
            generate(bytes_);
            left_ = bytes_.size();
            forks_seen_ = forks_now;
        }
        const std::span<unsigned char> taken = std::span{bytes_}.subspan(left_ - to.size(), to.size());
        std::copy(taken.begin(), taken.end(), to.begin());
        OPENSSL_cleanse(taken.data(), taken.size());
        left_ -= to.size();
    }

private:
    std::array<unsigned char, 512> bytes_{};
    std::size_t left_{0}; // in front
    unsigned forks_seen_{0};
};

} // namespace

void fill_random(std::span<unsigned char> bytes) {
    thread_local random_store store;
    if (bytes.size() <= random_store::max_request)
        store.take(bytes);
    else
        generate(bytes);
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    fill_random({reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()});
    return bytes;
}

} // namespace wxlogind
