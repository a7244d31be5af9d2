// The keys of apps whose calls are signed and encrypted.
//
// Source: WeChat's documentation of the API signature.
#pragma once

#include "core/base/rsa_pss.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// A certificate of WeChat's, and what signs with it.
struct platform_signer {
    std::string number;
    std::shared_ptr<const rsa_pss_signer> key;
};

// What WeChat's console knows of an app. Immutable.
struct secured_app {
    std::string symmetric_key; // 32 bytes
    std::string symmetric_key_number;
    std::shared_ptr<const rsa_pss_verifier> owner; // the app's public key
    bool is_required{true};                        // calls that are not signed are refused
    platform_signer signer;
    platform_signer old_signer{}; // signs as well, while the certificate changes
};

// A body and the fields that prove it.
struct secured_text {
    std::string fields;
    std::string body;
};

// Any thread. As many apps as there are.
class security_book {
public:
    // nullptr: its calls are plain.
    [[nodiscard]] std::shared_ptr<const secured_app> find(std::string_view appid) const;
    void put(std::string_view appid, secured_app keys);
    void remove(std::string_view appid);

    // The answer before, in exchange for this one.
    [[nodiscard]] secured_text exchange_last(std::string_view appid, secured_text sent);

private:
    struct entry {
        std::shared_ptr<const secured_app> keys;
        secured_text last;
    };
    mutable std::mutex lock_; // guards what follows
    std::map<std::string, entry, std::less<>> apps_;
};

} // namespace wxlogind::wechat_sim
