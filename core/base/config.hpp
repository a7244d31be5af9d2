// The configuration: structs whose defaults serve. Parsed and validated at start, and again on SIGHUP.
// etc/wxlogind.toml says what each key is for, config_keys.hpp what it is called and may hold; a test holds
// the three together.
#pragma once

#include "core/base/log.hpp"
#include "core/base/secret.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace wxlogind {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct server_settings {
    // "address:port", "[v6]:port" or "unix:/path". Port 0 picks a free one.
    std::string listen{"127.0.0.1:8080"};
    std::string internal_listen{"127.0.0.1:8081"};
    unsigned threads{0};                      // loops of the public listener; 0 = one per core
    unsigned internal_threads{0};             // of the internal one; 0 = one for every four
    bool require_service_keys{false};         // also where the internal listener is local
    std::vector<std::string> trusted_proxies; // addresses, CIDR blocks, or "unix"
    bool proxy_protocol{false};               // their connections begin with a PROXY header
    bool internal_proxy_protocol{false};      // the same on the internal listener
    std::string tls_certificate_file;         // "" = the public listener is plain
    std::string tls_key_file;
    std::size_t max_connections{0}; // 0 = from LimitNOFILE
    std::size_t max_requests_per_connection{1000};
    std::size_t max_header_bytes{8192};
    std::size_t max_body_bytes{16384};
    milliseconds header_timeout{5000};      // absolute, from the first byte
    milliseconds body_timeout{10000};       // absolute, from the end of the header
    milliseconds write_timeout{10000};      // the peer takes the whole response within it
    milliseconds keep_alive_timeout{65000}; // longer than the load balancer's
    milliseconds max_queue_time{5};         // logins wait for nothing longer than this on end; 0 = for ever
    milliseconds max_refusal_delay{5000};   // of a 503, while the processor has no time; 0 = none is late
    milliseconds drain_delay{5000};         // not ready, but still accepting
    milliseconds drain_timeout{30000};      // for requests in flight
};

struct wechat_settings {
    std::string base_url{"https://api.weixin.qq.com"};
    std::string ca_file;                  // "" = the system's
    std::vector<std::string> dns_servers; // "address:port"; empty = the system's
    std::size_t max_connections{256};     // of the process, shared out over the reactors
    std::size_t max_waiting{4096};        // logins waiting for a connection, likewise; beyond: 503
    milliseconds timeout{5000};           // of one exchange, everything included
    milliseconds connect_timeout{1000};
    milliseconds tls_timeout{1500};
    milliseconds first_byte_timeout{3000};
    milliseconds idle_timeout{20000};     // a kept connection is closed after this
    milliseconds resolve_interval{60000}; // addresses are looked up again after this
    unsigned breaker_failures{8};         // this many in a row open the breaker
    milliseconds breaker_pause{2000};     // and it stays open for this long
    std::size_t spent_codes{1'000'000};   // codes remembered so that none is sent twice (up to 43 bytes each)
    milliseconds replay_window{10000};    // a double tap this late still gets the first tap's answer
    bool send_traceparent{false};         // a caller's trace goes on with the calls that are made for it
    seconds open_data_max_age{3600};      // encrypted data with an older watermark is refused; 0 = none is
};

// What becomes of a nickname that WeChat's content check (msg_sec_check) does not pass.
enum class nickname_policy : std::uint8_t {
    off,    // it is not asked
    refuse, // a risky one is refused
    review, // every one is taken, and those that are not passed are put into the audit log
};

// The keys of WeChat's API signature and encryption; without key_file it is off.
struct api_key_settings {
    std::string key_file; // base64 of the symmetric key
    secret key;
    std::string key_number;
    std::string private_key_file; // ours, RSA in PEM
    secret private_key;
    std::string private_key_number; // "" = WeChat is not told
    std::string certificate_file;   // WeChat's, in PEM
    std::string certificate;
    std::string certificate_number;

    [[nodiscard]] bool is_on() const noexcept { return !key_file.empty(); }
};

struct app_settings {
    std::string appid;
    std::string secret_file; // where the AppSecret was read from; empty when it stood in the file itself
    wxlogind::secret secret; // the AppSecret
    std::string next_secret_file{};
    wxlogind::secret next_secret; // while the AppSecret is being changed: tried when WeChat refuses the other
    bool is_default{false};       // for requests that name no app
    bool expose_openid{true};     // to the client, in the answer of a login
    bool expose_unionid{true};
    nickname_policy nickname_check{nickname_policy::off};
    std::uint32_t sessions_per_user{0};  // the oldest ends when there are more; 0 = any number
    std::int64_t logins_per_app{-1};     // in place of limits.logins_per_app; -1 = that one
    std::uint32_t phone_daily_budget{0}; // phone numbers asked of WeChat in a day, which it wants money for
    api_key_settings api_keys{};
};

// A business back end's or an operator's key for the internal listener.
struct service_key_settings {
    std::string name;                // for the log
    std::string hash;                // hash_of_service_key() of the key, in hexadecimal digits
    std::string hash_file;           // where the hash was read from; empty when it stood in the file itself
    std::vector<std::string> scopes; // "verify", "users:read", "users:write", "wechat", "metrics"
};

struct storage_settings {
    std::string url{"sqlite:/var/lib/wxlogind/wxlogind.db"};
    std::size_t max_batch_rows{256};           // logins in one transaction
    std::size_t max_queued_rows{8192};         // logins waiting for the disk; beyond: 503
    std::size_t checkpoint_pages{1000};        // the writer folds the WAL back after this many pages
    std::size_t cache_bytes{80 * 1024 * 1024}; // of pages that the writer keeps in memory
};

struct token_settings {
    std::string keys_file{"/var/lib/wxlogind/keys.toml"}; // made at first start, mode 0600
    std::string issuer{"wxlogind"};
    seconds access_ttl{7200};
    seconds refresh_ttl{2592000};         // of a session that is not refreshed
    seconds session_ttl{7776000};         // of any session
    seconds refresh_grace{30};            // a refresh whose answer was lost gets the same answer again
    std::size_t max_revocations{200'000}; // remembered exactly, until their last token has expired
};

struct audit_settings {
    std::chrono::days retention{190}; // records that are older go; 0 = none
};

struct avatar_settings {
    // What the URLs of pictures begin with: "https://login.example.com". "" = relative ones.
    std::string base_url;
    std::size_t max_bytes{1024 * 1024};              // of a picture
    std::uint32_t max_side{4096};                    // pixels, width and height
    std::size_t memory_bytes{64 * 1024 * 1024};      // of all pictures on their way, in and out
    std::uint64_t min_free_bytes{256 * 1024 * 1024}; // of the disk, below which no picture is taken
};

// Quotas of a minute: so many at once, and as many again spread over the minute that follows. 0 = no limit.
struct limits_settings {
    std::uint32_t logins_per_address{6000};
    std::uint32_t requests_per_user{300};
    std::uint32_t logins_per_app{600000};
    std::size_t tracked_addresses{262144}; // 8 bytes each
    std::size_t tracked_users{262144};
};

struct config {
    std::string file; // it was read from; empty where it was made by hand
    server_settings server;
    wechat_settings wechat;
    std::vector<app_settings> apps;
    std::vector<service_key_settings> service_keys;
    storage_settings storage;
    token_settings tokens;
    audit_settings audit;
    limits_settings limits;
    avatar_settings avatars;
    log_settings log;
};

// "file:line: key: what is wrong (what is allowed)".
class config_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Reads and validates `path`, secrets included. Relative paths in it count from the directory of `path`; a
// secret_file is looked for in $CREDENTIALS_DIRECTORY first (systemd.exec(5), LoadCredential=).
// Throws config_error. The main thread: it reads the environment.
[[nodiscard]] config load_config(const std::string& path);

} // namespace wxlogind
