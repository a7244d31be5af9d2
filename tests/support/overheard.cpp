#include "tests/support/overheard.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace wxlogind::test {

namespace {

// Bodies with one of these hold what is its receiver's.
constexpr std::array<std::string_view, 6> private_members{R"("token":")",       R"("phone_number":")",
                                                          R"("phoneNumber":")", R"("access_token":")",
                                                          R"("encrypt_key":")", R"(\"phoneNumber\":)"};

bool is_private(const http_reply& reply) {
    return reply.status < 300 &&
           std::ranges::any_of(
               private_members,
               [&](std::string_view member) { return reply.body.find(member) != std::string::npos; });
}

// "" when it is not there.
std::string_view member_of(std::string_view body, std::string_view name) {
    const std::size_t at = body.find(name);
    if (at == std::string_view::npos) return {};
    body.remove_prefix(at + name.size());
    return body.substr(0, body.find('"'));
}

// So that the same problem is the same text.
std::string without_request_id(std::string text) {
    const std::string_view id = member_of(text, R"("request_id":")");
    if (!id.empty()) text.erase(static_cast<std::size_t>(id.data() - text.data()), id.size());
    return text;
}

std::mutex all_lock;
std::map<std::string, std::shared_ptr<overheard>, std::less<>> all_ears;

} // namespace

void overheard::add(const http_reply& reply) {
    const std::string_view token = member_of(reply.body, R"("token":")");
    std::string text = without_request_id(reply.body);
    for (const auto& [name, value] : reply.fields)
        if (name != "date" && name != "x-request-id") text += '\n' + name + ": " + value;
    const std::lock_guard guard{lock_};
    (is_private(reply) ? private_ : public_).insert(std::move(text));
    if (token.empty()) return;
    tokens_.emplace_back(token.substr(token.rfind('.') + 1));
    tokens_.emplace_back(member_of(reply.body, R"("refresh_token":")"));
}

void listen_to(const std::string& address, const std::shared_ptr<overheard>& ear) {
    const std::lock_guard guard{all_lock};
    all_ears[address] = ear;
}

void stop_listening(const std::shared_ptr<overheard>& ear) {
    const std::lock_guard guard{all_lock};
    std::erase_if(all_ears, [&](const auto& each) { return each.second == ear; });
}

std::shared_ptr<overheard> listener_to(std::string_view address) {
    const std::lock_guard guard{all_lock};
    const auto found = all_ears.find(address);
    return found == all_ears.end() ? nullptr : found->second;
}

} // namespace wxlogind::test
