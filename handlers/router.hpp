// From a request to an endpoint, and from what the endpoint says to a response and a log line.
#pragma once

#include "core/net/http.hpp"
#include "handlers/routes.hpp"
#include "handlers/services.hpp"

#include <span>
#include <string_view>

namespace wxlogind::handlers {

// One a listener, serving all reactors.
class router final : public net::http_service {
public:
    // `listener` names it in the log: "public" or "internal".
    router(std::span<const route> routes, services& with, std::string_view listener)
        : routes_{routes}, with_{with}, listener_{listener} {}

    task<net::response> handle(const net::request& incoming) override;
    net::response refuse(const failure& why, std::string_view request_id) override;
    void finished(const net::finished_exchange& what) override;

private:
    // One that takes `verb`, else any of the path; nullptr: no such path.
    [[nodiscard]] const route* find(std::string_view path, net::method verb) const noexcept;
    [[nodiscard]] method_set methods_of(std::string_view path) const noexcept;
    [[nodiscard]] method_set all_methods() const noexcept;

    [[nodiscard]] result<void> admit(const net::request& incoming, const route& to) const;

    std::span<const route> routes_;
    services& with_;
    std::string_view listener_;
};

} // namespace wxlogind::handlers
