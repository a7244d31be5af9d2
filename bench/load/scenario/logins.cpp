#include "bench/load/scenario/logins.hpp"

namespace wxlogind::load {

namespace {

constexpr std::size_t remembered_pairs = 1 << 16;

} // namespace

login_operation::login_operation(std::string name, login_settings settings, sessions* keep)
    : operation{std::move(name), listener::open_to_all}, settings_{std::move(settings)}, keep_{keep} {}

std::optional<operation::request> login_operation::next() {
    const auto user = settings_.users.next();
    if (!user) return std::nullopt;
    return request{settings_.text.with(settings_.codes.next(*user)), 0};
}

std::string_view login_operation::judge(std::uint32_t, std::string_view body, tally& into) {
    if (body.find(settings_.expected) == std::string_view::npos) {
        // WeChat itself says so with status 200.
        return body.find("\"errcode\"") == std::string_view::npos ? "unexpected_answer" : "errcode";
    }
    into.new_users += body.find(R"("is_new":true)") != std::string_view::npos;
    if (keep_ != nullptr && keep_->size() < kept_at_most_)
        keep_->push_back(
            {std::string{text_member(body, "\"token\"")},
             std::string{text_member(body, "\"refresh_token\"")}});
    return {};
}

double_tap_operation::double_tap_operation(login_settings settings)
    : login_operation{"double-tap", std::move(settings)}, answers_(remembered_pairs) {}

std::optional<operation::request> double_tap_operation::next() {
    if (is_second_) {
        is_second_ = false;
        return request{text_, pair_};
    }
    const auto first = login_operation::next();
    if (!first) return std::nullopt;
    text_ = first->bytes;
    is_second_ = true;
    return request{text_, ++pair_};
}

std::string_view double_tap_operation::judge(std::uint32_t pair, std::string_view body, tally& into) {
    const std::string_view wrong = login_operation::judge(pair, body, into);
    if (!wrong.empty()) return wrong;
    first_answer& known = answers_[pair % remembered_pairs];
    const std::uint64_t digest = wechat_sim::hash_text(0, body);
    if (known.pair == pair) return known.digest == digest ? "" : "taps_answered_differently";
    known = {pair, digest};
    return {};
}

} // namespace wxlogind::load
