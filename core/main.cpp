#include "core/base/clock.hpp"
#include "core/base/config.hpp"
#include "core/commands/backup_command.hpp"
#include "core/commands/check_config.hpp"
#include "core/commands/command_line.hpp"
#include "core/commands/keys.hpp"
#include "core/commands/migrate.hpp"
#include "core/commands/operator_command.hpp"
#include "core/commands/route_list.hpp"
#include "core/commands/service_key.hpp"
#include "core/server/serve.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>

namespace {

using namespace wxlogind;

int carry_out(const serve_command& order) {
    return serve(load_config(order.config_file));
}

int print(const config_report& report, bool as_json) {
    std::fputs(report.text.c_str(), report.is_good || as_json ? stdout : stderr);
    return report.is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int carry_out(const check_config_command& order) {
    return print(check_config(order.config_file, order.as_json), order.as_json);
}

int carry_out(const keys_command& order) {
    const auto now = std::chrono::floor<std::chrono::seconds>(system_wall_clock{}.now());
    return print(change_or_list_keys(order, now), order.as_json);
}

int carry_out(const backup_command& order) {
    return print(make_backup(order), order.as_json);
}

int carry_out(const migrate_command& order) {
    const migrate_report report = migrate_database(order);
    const bool is_complaint = report.exit_status == migrate_report::failed && !order.as_json;
    std::fputs(report.text.c_str(), is_complaint ? stderr : stdout);
    return report.exit_status;
}

int carry_out(const service_key_command& order) {
    return print(make_service_key(order), order.as_json);
}

int carry_out(const routes_command& order) {
    return print(list_routes(order), order.as_json);
}

int carry_out(const print_command& order) {
    std::fputs(order.text.c_str(), order.exit_status == 0 ? stdout : stderr);
    return order.exit_status;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const std::span<const char* const> arguments{argv + 1, static_cast<std::size_t>(argc - 1)};
        const command order = parse_command_line(arguments);
        return std::visit([](const auto& what) { return carry_out(what); }, order);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "wxlogind: %s\n", e.what());
        return EXIT_FAILURE;
    }
}
