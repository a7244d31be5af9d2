// A certificate authority made at start, and what it signs: ECDSA P-256. And the certificates by which WeChat
// signs answers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace wxlogind::wechat_sim {

// What a connection is shown.
enum class certificate_kind : std::uint8_t {
    good,
    expired,     // since yesterday
    wrong_host,  // for wrong.example alone
    self_signed, // the right names, signed by itself
};

struct certificate {
    std::string chain_pem;
    std::string key_pem;
};

class certificate_authority {
public:
    certificate_authority(); // throws std::runtime_error when OpenSSL fails
    ~certificate_authority();
    certificate_authority(const certificate_authority&) = delete;
    certificate_authority& operator=(const certificate_authority&) = delete;

    // What a client has to trust.
    [[nodiscard]] std::string pem() const;

    // For api.weixin.qq.com, localhost, 127.0.0.1 and ::1, unless the kind says otherwise.
    [[nodiscard]] certificate issue(certificate_kind kind) const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

// Self-signed, of an RSA key of 2048 bits: as WeChat's platform certificates are. Takes some 100 ms. Throws
// std::runtime_error when OpenSSL fails.
struct platform_certificate {
    std::string number; // hexadecimal digits
    std::string pem;
    std::string key_pem;
};
[[nodiscard]] platform_certificate make_platform_certificate();

// Writes to a temporary file beside `path` and renames it. Throws std::system_error.
void write_file_atomically(const std::string& path, const std::string& content);

} // namespace wxlogind::wechat_sim
