// What the test clients of this process are answered, for those who search it for secrets afterwards.
#pragma once

#include "tests/support/http_client.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace wxlogind::test {

// The answers of one server. Any thread.
class overheard {
public:
    void add(const http_reply& reply);

    // What follows is good once nobody adds any more. Each different answer once, fields and body.

    // Those in which no secret has any business: problems, metrics, lists …
    [[nodiscard]] const std::unordered_set<std::string>& public_answers() const noexcept { return public_; }
    // Those that give somebody what is his: tokens, his own number, what a back end may ask for.
    [[nodiscard]] const std::unordered_set<std::string>& private_answers() const noexcept { return private_; }
    // Of sessions that were given out: their refresh tokens, and the signatures of their tokens.
    [[nodiscard]] const std::vector<std::string>& tokens() const noexcept { return tokens_; }

private:
    std::mutex lock_;
    std::unordered_set<std::string> public_;
    std::unordered_set<std::string> private_;
    std::vector<std::string> tokens_;
};

// From now on http_connections to that address ("127.0.0.1:port", "unix:/path") are listened to.
void listen_to(const std::string& address, const std::shared_ptr<overheard>& ear);
void stop_listening(const std::shared_ptr<overheard>& ear);
// Who listens to the address, or nullptr.
[[nodiscard]] std::shared_ptr<overheard> listener_to(std::string_view address);

} // namespace wxlogind::test
