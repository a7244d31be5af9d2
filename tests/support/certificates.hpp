// Certificates for tests, made on the spot.
#pragma once

#include <chrono>
#include <string>

namespace wxlogind::test {

struct certificate {
    std::string certificate_pem;
    std::string key_pem;
};

struct certificate_wishes {
    std::string host{"localhost"};         // a DNS name, or an IPv4 address
    std::chrono::seconds starts_in{-3600}; // from now
    std::chrono::seconds ends_in{24 * 3600};
};

// An authority of its own; ECDSA P-256. Throws std::runtime_error.
class certificate_authority {
public:
    certificate_authority();

    [[nodiscard]] const std::string& pem() const noexcept { return own_.certificate_pem; }
    [[nodiscard]] certificate issue(const certificate_wishes& wishes = {}) const;

private:
    certificate own_;
};

[[nodiscard]] certificate make_self_signed(const certificate_wishes& wishes = {});

} // namespace wxlogind::test
