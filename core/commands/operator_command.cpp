#include "core/commands/operator_command.hpp"

#include "core/base/config.hpp"
#include "core/base/encoding.hpp"
#include "core/commands/operator_output.hpp"
#include "core/commands/server_access.hpp"

#include <cstdio>
#include <cstdlib>

namespace wxlogind {

namespace {

bool is_list(answer_shape shape) {
    return shape == answer_shape::users || shape == answer_shape::records;
}

std::string behind_page(std::string target, const std::string& next) {
    // Values are percent-encoded: this is the name of a parameter.
    if (const std::size_t at = target.find("cursor="); at != std::string::npos) {
        const std::size_t end = target.find('&', at);
        target.erase(end == std::string::npos ? at - 1 : at, end == std::string::npos ? end : end + 1 - at);
    }
    const char separator = target.find('?') == std::string::npos ? '?' : '&';
    return std::move(target) + separator + "cursor=" + percent_encode(next);
}

void print(const operator_command& order, const net::answer& got, bool is_first_page) {
    if (order.as_json) {
        std::fputs(((got.body.empty() ? "{\"ok\":true}" : got.body) + "\n").c_str(), stdout);
        return;
    }
    std::string text = render_answer(order.shape, got.body);
    if (is_first_page) text.insert(0, render_headings(order.shape));
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout); // before what is said beside it
    if (const std::string advice = render_advice(order.shape, got.body); !advice.empty())
        std::fprintf(stderr, "wxlogind: %s\n", advice.c_str());
}

int refuse(const operator_command& order, const net::answer& got, const server_access& from) {
    if (order.as_json)
        std::fputs((got.body + "\n").c_str(), stdout);
    else
        std::fprintf(stderr, "wxlogind: %s\n", render_problem(got.status, got.body, from).c_str());
    return EXIT_FAILURE;
}

} // namespace

int carry_out(const operator_command& order) {
    const config settings = load_config(order.config_file);
    const server_access server{settings, service_key_in(order.service_key_file)};

    net::question what = order.what;
    for (bool is_first_page = true;;) {
        net::answer got = server.ask(what);
        if (order.shape == answer_shape::progress) got = wait_for_end(server, what.target, std::move(got));
        if (got.status >= 300 || !is_answer(order.shape, got.body)) return refuse(order, got, server);
        const std::string next = is_list(order.shape) ? next_page_of(got.body) : std::string{};
        // The server looks at so many rows for a page and no more: what is rare may be further on.
        const bool is_passed_over = !next.empty() && is_empty_page(order.shape, got.body);
        if (!is_passed_over) {
            print(order, got, is_first_page);
            is_first_page = false;
        }
        if (next.empty()) return EXIT_SUCCESS;
        if (!order.every_page && !is_passed_over) {
            if (!order.as_json) std::fprintf(stderr, "more: --cursor %s, or --all\n", next.c_str());
            return EXIT_SUCCESS;
        }
        what.target = behind_page(what.target, next);
    }
}

} // namespace wxlogind
