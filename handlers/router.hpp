// From a request to an endpoint, and from what the endpoint says to a response and a log line.
#pragma once

#include "core/net/http.hpp"
#include "handlers/request_counts.hpp"
#include "handlers/routes.hpp"
#include "handlers/services.hpp"

#include <span>
#include <string_view>

namespace wxlogind::handlers {

// One a listener, serving all reactors.
class router final : public net::http_service {
public:
    // `listener` names it in the log: "public" or "internal".
    router(std::span<const route> routes, services& with, std::string_view listener, std::size_t reactors)
        : routes_{routes}, with_{with}, listener_{listener}, counts_{routes, listener, reactors} {}

    task<net::response> handle(const net::request& incoming) override;
    [[nodiscard]] std::size_t longest_body(const net::request& head) const noexcept override;
    net::response refuse(const failure& why, std::string_view request_id) override;
    void finished(const net::finished_exchange& what) override;

    [[nodiscard]] const request_counts& counts() const noexcept { return counts_; }

private:
    // One that takes `verb`, else any of the path; nullptr: no such path.
    [[nodiscard]] const route* find(std::string_view path, net::method verb) const noexcept;
    [[nodiscard]] method_set methods_of(std::string_view path) const noexcept;
    [[nodiscard]] method_set all_methods() const noexcept;

    // As the counts number it.
    [[nodiscard]] std::uint16_t number_of(const route& which) const noexcept {
        return static_cast<std::uint16_t>(&which - routes_.data() + 1);
    }

    [[nodiscard]] net::response
    problem_of(const route& which, const failure& why, std::string_view request_id) const;
    [[nodiscard]] net::response turn_away(const route& which, std::string_view request_id) const;
    [[nodiscard]] admission* line_for(const net::request& incoming, const route& to) const noexcept;
    void log_refusal(const net::finished_exchange& what) const;
    void log_request(const net::finished_exchange& what, std::string_view path) const;
    void log_slow(const net::finished_exchange& what, std::string_view path, const stage_times& stages) const;
    [[nodiscard]] result<void> admit(const net::request& incoming, const route& to) const;

    std::span<const route> routes_;
    services& with_;
    std::string_view listener_;
    request_counts counts_;
};

} // namespace wxlogind::handlers
