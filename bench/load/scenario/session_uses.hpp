// What is done with a session: have it checked, show the profile, refresh it. And plain requests.
#pragma once

#include "bench/load/scenario/operation.hpp"
#include "bench/load/scenario/request_text.hpp"
#include "bench/load/scenario/sessions.hpp"
#include "bench/load/users/zipf.hpp"

#include <vector>

namespace wxlogind::load {

// The same requests again and again, in random order.
class repeated_operation final : public operation {
public:
    repeated_operation(
        std::string name, listener where, std::vector<std::string> texts, std::uint64_t seed,
        std::string expected = {});

    std::optional<request> next() override;

protected:
    std::string_view judge(std::uint32_t tag, std::string_view body, tally& into) override;

private:
    std::vector<std::string> texts_;
    generator numbers_;
    std::string expected_;
};

// POST /token/refresh. A session waits for its new refresh token before it is used again; when that is lost,
// so is the session.
class refresh_operation final : public operation {
public:
    refresh_operation(const sessions& of, request_style style, std::string target);

    std::optional<request> next() override;
    [[nodiscard]] bool is_exhausted() const noexcept override { return alive_ == 0; }
    void give_up(std::uint32_t tag) noexcept override;

protected:
    std::string_view judge(std::uint32_t tag, std::string_view body, tally& into) override;

private:
    request_style style_;
    std::string target_;
    std::vector<std::string> tokens_{}; // by session
    std::vector<std::uint32_t> free_{}; // a ring of sessions, the longest unused first
    std::size_t first_free_{0};
    std::size_t free_count_{0};
    std::size_t alive_{0};
    std::string text_{};
};

} // namespace wxlogind::load
