#include "bench/load/scenario/session_uses.hpp"

namespace wxlogind::load {

repeated_operation::repeated_operation(
    std::string name, listener where, std::vector<std::string> texts, std::uint64_t seed,
    std::string expected)
    : operation{std::move(name), where},
      texts_{std::move(texts)},
      numbers_{seed},
      expected_{std::move(expected)} {}

std::optional<operation::request> repeated_operation::next() {
    if (texts_.empty()) return std::nullopt;
    return request{texts_[texts_.size() == 1 ? 0 : numbers_.below(texts_.size())], 0};
}

std::string_view repeated_operation::judge(std::uint32_t, std::string_view body, tally&) {
    return body.find(expected_) == std::string_view::npos ? "unexpected_answer" : "";
}

refresh_operation::refresh_operation(const sessions& of, request_style style, std::string target)
    : operation{"refresh", listener::open_to_all},
      style_{std::move(style)},
      target_{std::move(target)},
      free_count_{of.size()},
      alive_{of.size()} {
    for (const open_session& each : of) {
        free_.push_back(static_cast<std::uint32_t>(tokens_.size()));
        tokens_.push_back(each.refresh_token);
    }
}

std::optional<operation::request> refresh_operation::next() {
    if (free_count_ == 0) return std::nullopt;
    const std::uint32_t session = free_[first_free_];
    first_free_ = (first_free_ + 1) % free_.size();
    --free_count_;
    text_ = post_request(style_, target_, R"({"refresh_token":")" + tokens_[session] + R"("})");
    return request{text_, session};
}

void refresh_operation::give_up(std::uint32_t) noexcept {
    --alive_;
}

std::string_view refresh_operation::judge(std::uint32_t session, std::string_view body, tally&) {
    const std::string_view renewed = text_member(body, "\"refresh_token\"");
    if (renewed.empty()) {
        --alive_;
        return "unexpected_answer";
    }
    tokens_[session] = renewed;
    free_[(first_free_ + free_count_++) % free_.size()] = session;
    return {};
}

} // namespace wxlogind::load
