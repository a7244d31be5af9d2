// One kind of request that users make: how it is written, and what counts as its answer.
#pragma once

#include "bench/load/record/tally.hpp"
#include "bench/load/wire/reply_scanner.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::load {

enum class listener : unsigned char {
    open_to_all, // server.listen
    internal,    // server.internal_listen
};

// One thread has its own of each. Lives as long as its users' sessions: over several runs.
class operation {
public:
    struct request {
        std::string_view bytes{}; // until the next request is asked for
        std::uint32_t tag{0};     // comes back with the answer
    };

    explicit operation(std::string name, listener where) : name_{std::move(name)}, where_{where} {}
    virtual ~operation() = default;
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] listener where() const noexcept { return where_; }

    // nullopt: there is none, now or for good (see is_exhausted).
    virtual std::optional<request> next() = 0;
    [[nodiscard]] virtual bool is_exhausted() const noexcept { return false; }

    // The next request belongs to the last one and goes out right behind it.
    [[nodiscard]] virtual bool has_follow_up() const noexcept { return false; }

    // The answer, counted into `into`.
    void take_answer(std::uint32_t tag, const scanned_reply& reply, tally& into);
    // There will be no answer.
    virtual void give_up(std::uint32_t tag) noexcept { (void)tag; }

protected:
    // Looks at a reply with status 200. What is wrong with it; "" when nothing is.
    virtual std::string_view judge(std::uint32_t tag, std::string_view body, tally& into) = 0;

private:
    std::string name_;
    listener where_;
};

} // namespace wxlogind::load
