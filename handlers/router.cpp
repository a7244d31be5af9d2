#include "handlers/router.hpp"

#include "core/base/log.hpp"
#include "core/net/reactor.hpp"
#include "handlers/problem.hpp"

#include <charconv>

namespace wxlogind::handlers {

namespace {

net::response allowed_methods(method_set methods) {
    net::response none;
    none.status = 204;
    none.fields.emplace_back("Allow", (methods | method_set{net::method::options}).to_text());
    return none;
}

net::response method_not_allowed(method_set methods, std::string_view request_id) {
    net::response problem = problem_response(errc::method_not_allowed, request_id);
    problem.fields.emplace_back("Allow", (methods | method_set{net::method::options}).to_text());
    return problem;
}

// Without a line in the log: they come by the ten thousand, and the admission says how many.
net::response too_busy(std::string_view request_id) {
    net::response problem = problem_response(errc::overloaded, request_id);
    problem.is_logged = false;
    return problem;
}

// Text of a number without an allocation, for the log line of every request.
class number_text {
public:
    explicit number_text(std::int64_t value)
        : end_{std::to_chars(digits_, digits_ + sizeof digits_, value).ptr} {}
    [[nodiscard]] std::string_view view() const noexcept {
        return {digits_, static_cast<std::size_t>(end_ - digits_)};
    }

private:
    char digits_[24];
    char* end_;
};

} // namespace

const route* router::find(std::string_view path, net::method verb) const noexcept {
    const route* of_path = nullptr;
    for (const route& each : routes_) {
        if (!matches(each.path, path)) continue;
        if (each.methods.contains(verb)) return &each;
        of_path = &each;
    }
    return of_path;
}

method_set router::all_methods() const noexcept {
    method_set all{};
    for (const route& each : routes_) all = all | each.methods;
    return all;
}

method_set router::methods_of(std::string_view path) const noexcept {
    method_set all{};
    for (const route& each : routes_)
        if (matches(each.path, path)) all = all | each.methods;
    return all;
}

// Before the endpoint: who may call it on the internal listener, and how often on the public one.
result<void> router::admit(const net::request& incoming, const route& to) const {
    if (incoming.is_internal) return with_.service_keys.admit(incoming, to.scope);
    if (!to.is_limited_by_address) return {};
    return with_.limits.admit_address(incoming.client, steady_clock::now());
}

// nullptr: everybody is let in there.
admission* router::line_for(const net::request& incoming, const route& to) const noexcept {
    if (to.waits_in == lane::open || with_.admissions == nullptr) return nullptr;
    return (*with_.admissions)[incoming.home->index()];
}

task<net::response> router::handle(const net::request& incoming) {
    // RFC 9110 section 9.3.7: about the server as a whole. The reader lets no other method have this target.
    if (incoming.target == "*") co_return allowed_methods(all_methods());
    const route* const to = find(incoming.path, incoming.verb);
    if (to == nullptr) co_return problem_response(errc::not_found, incoming.request_id);
    if (!to->methods.contains(incoming.verb)) {
        const method_set allowed = methods_of(incoming.path);
        if (incoming.verb == net::method::options) co_return allowed_methods(allowed);
        co_return method_not_allowed(allowed, incoming.request_id);
    }
    admission* const line = line_for(incoming, *to);
    if (line != nullptr && !line->lets_in(to->waits_in)) co_return too_busy(incoming.request_id);
    const admission::place inside{line, to->waits_in};
    const auto admitted = admit(incoming, *to);
    if (!admitted) co_return problem_of(*to, admitted.error(), incoming.request_id);
    auto answer = co_await to->answer(incoming, with_);
    if (!answer) {
        if (to->answer == &log_in) with_.login_failures.note(answer.error().code);
        co_return problem_of(*to, answer.error(), incoming.request_id);
    }
    answer->route = number_of(*to);
    co_return std::move(*answer);
}

net::response router::problem_of(const route& which, const failure& why, std::string_view request_id) const {
    net::response problem = problem_response(why, request_id);
    problem.route = number_of(which);
    return problem;
}

net::response router::refuse(const failure& why, std::string_view request_id) {
    net::response refusal = problem_response(why, request_id);
    refusal.close = true;
    return refusal;
}

void router::finished(const net::finished_exchange& what) {
    counts_.count(what);
    if (!what.outgoing.is_logged || !is_logged(log_level::info)) return;
    const std::string client = what.client.is_unspecified() ? "" : what.client.to_string();
    const number_text status{what.outgoing.status};
    const number_text micros{what.took.count()};
    if (what.incoming == nullptr) {
        log_info(
            "refused", {{"listener", listener_},
                        {"client", client},
                        {"status", status.view(), true},
                        {"problem", what.outgoing.problem},
                        {"request_id", what.request_id}});
        return;
    }
    // The path as the table has it: a query holds login codes, and so may a path typed by mistake.
    const route* const to = what.outgoing.route != 0 ? &routes_[what.outgoing.route - 1u]
                                                     : find(what.incoming->path, what.incoming->verb);
    log_info(
        "request", {{"listener", listener_},
                    {"client", client},
                    {"method", net::to_string(what.incoming->verb)},
                    {"path", to != nullptr ? to->path : std::string_view{"-"}},
                    {"status", status.view(), true},
                    {"problem", what.outgoing.problem},
                    {"user", what.outgoing.subject},
                    {"took_us", micros.view(), true},
                    {"request_id", what.request_id},
                    {"sent", what.is_written ? "yes" : "no"}});
}

} // namespace wxlogind::handlers
