// Logins: of new users, of those who come back, and of those who tap twice.
#pragma once

#include "bench/load/scenario/operation.hpp"
#include "bench/load/scenario/request_text.hpp"
#include "bench/load/scenario/sessions.hpp"
#include "bench/load/users/login_codes.hpp"
#include "bench/load/users/user_choice.hpp"

#include <vector>

namespace wxlogind::load {

struct login_settings {
    user_choice users;
    login_codes codes;
    code_request text;
    std::string expected; // what the body of an answer has in it
};

class login_operation : public operation {
public:
    // `keep`: where the sessions go that come of it; nullptr = nowhere.
    login_operation(std::string name, login_settings settings, sessions* keep = nullptr);

    // Of the sessions; default: all.
    void keep_at_most(std::size_t count) noexcept { kept_at_most_ = count; }

    std::optional<request> next() override;
    [[nodiscard]] bool is_exhausted() const noexcept override { return settings_.users.is_exhausted(); }

protected:
    std::string_view judge(std::uint32_t tag, std::string_view body, tally& into) override;

private:
    login_settings settings_;
    sessions* keep_;
    std::size_t kept_at_most_{~std::size_t{0}};
};

// Every code is sent twice, one request right after the other. Both have to get the same answer.
class double_tap_operation final : public login_operation {
public:
    explicit double_tap_operation(login_settings settings);

    std::optional<request> next() override;
    [[nodiscard]] bool is_exhausted() const noexcept override {
        return !is_second_ && login_operation::is_exhausted();
    }
    [[nodiscard]] bool has_follow_up() const noexcept override { return is_second_; }

protected:
    std::string_view judge(std::uint32_t tag, std::string_view body, tally& into) override;

private:
    struct first_answer {
        std::uint32_t pair{0};
        std::uint64_t digest{0};
    };

    bool is_second_{false};
    std::uint32_t pair_{0};
    std::string_view text_{};             // the request that goes out again
    std::vector<first_answer> answers_{}; // of the latest pairs
};

} // namespace wxlogind::load
