#include "handlers/router.hpp"

#include "core/base/log.hpp"
#include "core/net/address_text.hpp"
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

// Text of a number without an allocation, for the log line of every request.
class number_text {
public:
    explicit number_text(std::int64_t value)
        : size_{static_cast<std::size_t>(
              std::to_chars(digits_, digits_ + sizeof digits_, value).ptr - digits_)} {}
    [[nodiscard]] std::string_view view() const noexcept { return {digits_, size_}; }

private:
    char digits_[24];
    std::size_t size_;
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
    if (line != nullptr && !line->lets_in(to->waits_in)) {
        if (!line->refusals().answers_now()) {
            const auto held = co_await line->refusals().hold();
            if (incoming.stages != nullptr) incoming.stages->held = held;
        }
        co_return turn_away(*to, incoming.request_id);
    }
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

// Without a line in the log: they come by the ten thousand, and the admission says how many.
net::response router::turn_away(const route& which, std::string_view request_id) const {
    net::response problem = problem_of(which, errc::overloaded, request_id);
    problem.is_logged = false;
    return problem;
}

std::size_t router::longest_body(const net::request& head) const noexcept {
    const route* const to = find(head.path, head.verb);
    const bool is_taken = to != nullptr && to->takes_upload && to->methods.contains(head.verb);
    return is_taken ? with_.avatars.longest_upload() : 0;
}

net::response router::refuse(const failure& why, std::string_view request_id) {
    net::response refusal = problem_response(why, request_id);
    refusal.close = true;
    return refusal;
}

void router::finished(const net::finished_exchange& what) {
    counts_.count(what);
    if (what.incoming == nullptr) return log_refusal(what);
    // The path as the table has it: a query holds login codes, and so may a path typed by mistake.
    const route* const to = what.outgoing.route != 0 ? &routes_[what.outgoing.route - 1u]
                                                     : find(what.incoming->path, what.incoming->verb);
    const std::string_view path = to != nullptr ? to->path : std::string_view{"-"};
    if (what.outgoing.is_logged && is_request_logged(what.outgoing.status)) log_request(what, path);
    const auto* const stages = what.incoming->stages;
    if (stages != nullptr && is_slow(what.took + stages->read)) log_slow(what, path, *stages);
}

void router::log_refusal(const net::finished_exchange& what) const {
    if (!is_request_logged(what.outgoing.status)) return;
    const number_text status{what.outgoing.status};
    log_traffic(
        "refused", {{"listener", listener_},
                    {"client", net::text_of(what.client)},
                    {"status", status.view(), true},
                    {"problem", what.outgoing.problem},
                    {"request_id", what.request_id}});
}

void router::log_request(const net::finished_exchange& what, std::string_view path) const {
    const number_text status{what.outgoing.status};
    const number_text micros{what.took.count()};
    log_traffic(
        "request", {{"listener", listener_},
                    {"client", net::text_of(what.client)},
                    {"method", net::to_string(what.incoming->verb)},
                    {"path", path},
                    {"status", status.view(), true},
                    {"problem", what.outgoing.problem},
                    {"user", what.outgoing.subject},
                    {"took_us", micros.view(), true},
                    {"trace_id", what.incoming->trace_id},
                    {"request_id", what.request_id},
                    {"sent", what.is_written ? "yes" : "no"}});
}

void router::log_slow(
    const net::finished_exchange& what, std::string_view path, const stage_times& stages) const {
    const auto micros = [](stage_times::duration time) {
        return number_text{std::chrono::duration_cast<std::chrono::microseconds>(time).count()};
    };
    const number_text status{what.outgoing.status};
    const number_text took{what.took.count()};
    const auto read = micros(stages.read);
    const auto pool = micros(stages.pool);
    const auto asked = micros(stages.wechat);
    const auto queue = micros(stages.queue);
    const auto commit = micros(stages.commit);
    const auto write = micros(stages.write);
    log_warning(
        "slow request", {{"listener", listener_},
                         {"method", net::to_string(what.incoming->verb)},
                         {"path", path},
                         {"status", status.view(), true},
                         {"problem", what.outgoing.problem},
                         {"took_us", took.view(), true},
                         {"read_us", read.view(), true},
                         {"pool_us", pool.view(), true},
                         {"wechat_us", asked.view(), true},
                         {"queue_us", queue.view(), true},
                         {"commit_us", commit.view(), true},
                         {"write_us", write.view(), true},
                         {"trace_id", what.incoming->trace_id},
                         {"request_id", what.request_id}});
}

} // namespace wxlogind::handlers
