#include "core/commands/command_line.hpp"

#include "core/base/config_values.hpp"
#include "core/commands/operator_grammar.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <sstream>
#include <vector>

namespace wxlogind {

namespace {

// `serve` may be left out: it is meant when the first argument is none of the words and no question.
std::vector<std::string> with_default_command(std::span<const char* const> arguments) {
    std::vector<std::string> words(arguments.begin(), arguments.end());
    const std::string first = words.empty() ? "" : words.front();
    const bool is_question = first == "-h" || first == "--help" || first == "--version";
    if (first.empty() || (first.starts_with('-') && !is_question)) words.insert(words.begin(), "serve");
    return words;
}

CLI::App* add_command(CLI::App& to, std::string name, std::string purpose, std::string& config_file) {
    auto* const command = to.add_subcommand(std::move(name), std::move(purpose));
    command->add_option("--config", config_file, "The configuration (TOML)")->required()->type_name("FILE");
    return command;
}

void add_json_flag(CLI::App* command, bool& as_json) {
    command->add_flag("--json", as_json, "Print one JSON object");
}

CLI::App* add_keys_commands(CLI::App& to, keys_command& into) {
    auto* const keys = to.add_subcommand("keys", "Show and rotate the keys");
    keys->require_subcommand(1);
    keys->footer("A rotation: add, SIGHUP every server, promote, SIGHUP, and when the last token of the old "
                 "key has expired, retire it, SIGHUP.");
    const auto add = [&](const char* name, const char* purpose, keys_command::action what) {
        auto* const command = add_command(*keys, name, purpose, into.config_file);
        command->callback([&into, what] { into.what = what; });
        add_json_flag(command, into.as_json);
        return command;
    };
    add("list", "Show the keys and their states, never their bytes", keys_command::action::list);
    add("add", "Make a key that does not sign yet", keys_command::action::add)
        ->add_flag("--sealing", into.is_sealing, "One for columns of the database instead");
    add("promote", "Let a key sign; the one before goes on verifying", keys_command::action::promote)
        ->add_option("KEY", into.key, "Its kid, or sealing:N")
        ->required();
    auto* const retire =
        add("retire", "Let a key verify no more, once its tokens are gone; or let go of one that sealed",
            keys_command::action::retire);
    retire->add_option("KEY", into.key, "Its kid, or sealing:N")->required();
    retire->add_flag(
        "--force", into.at_once,
        "Also while it has tokens: their users log in again; or while values are sealed by it that it does "
        "not "
        "open");
    add_service_key_option(*retire, into.service_key_file);
    return keys;
}

CLI::App* add_migrate_command(CLI::App& to, migrate_command& into) {
    auto* const migrating = add_command(
        to, "migrate", "Bring the database to this program's schema before the server is started",
        into.config_file);
    migrating->add_flag("--check", into.is_check, "Change nothing, say whether there is something to do");
    migrating->footer(
        "Also a start of the server migrates. Exit status of --check: 0 nothing to do, 1 failed, "
        "2 wrong usage, 3 the database is to be migrated.");
    add_json_flag(migrating, into.as_json);
    return migrating;
}

CLI::App* add_service_key_command(CLI::App& to, service_key_command& into) {
    auto* const service_key = to.add_subcommand("service-key", "Keys for the internal listener");
    service_key->require_subcommand(1);
    auto* const making = service_key->add_subcommand(
        "new", "Make a key: prints it once, and its section of the configuration");
    const auto checked_by = [](text_check check) {
        return [check](const std::string& value) {
            const std::string_view allowed = check(value);
            return allowed.empty() ? std::string{}
                                   : "\"" + value + "\" is not allowed (" + std::string{allowed} + ")";
        };
    };
    making->add_option("NAME", into.name, "Whose key it is, for the log")
        ->required()
        ->check(checked_by(&check_service_name));
    making
        ->add_option(
            "--scope", into.scopes,
            "What it may do: verify (default), users:read, users:write, wechat, metrics")
        ->check(checked_by(&check_service_scope))
        ->type_name("SCOPE");
    add_json_flag(making, into.as_json);
    return service_key;
}

bool is_command_missing(const CLI::ParseError& why) {
    return why.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError) &&
           std::string_view{why.what()}.find("subcommand") != std::string_view::npos;
}

// CLI11 only says that a command is missing, also where there is one that it does not know.
std::string unknown_command(const CLI::App& app) {
    const CLI::App* in = &app;
    std::string path{"wxlogind"};
    while (!in->get_subcommands().empty()) {
        in = in->get_subcommands().front();
        path += ' ' + in->get_name();
    }
    const std::vector<std::string> left = app.remaining(true);
    if (left.empty() || left.front().starts_with('-')) return {};
    std::string text = '"' + left.front() + "\" is no command of " + path + ", which has";
    for (const CLI::App* const each : in->get_subcommands([](const CLI::App*) { return true; }))
        text += ' ' + each->get_name();
    return text + "\nRun with --help for more information.\n";
}

} // namespace

command parse_command_line(std::span<const char* const> arguments) {
    serve_command serve;
    check_config_command check;
    keys_command keys;
    backup_command backup;
    migrate_command migration;
    operator_command operating;
    service_key_command service_key;
    routes_command routes;

    CLI::App app{"Login server for WeChat mini programs", "wxlogind"};
    app.set_version_flag("--version", "wxlogind " + std::string{version}, "Print the version and exit");
    app.require_subcommand(1);
    app.footer("`wxlogind --config FILE` serves. Exit status: 0 done, 1 failed, 2 wrong usage.");

    add_command(app, "serve", "Serve until SIGTERM", serve.config_file);
    auto* const checking =
        add_command(app, "check-config", "Read the configuration, say whether it is good", check.config_file);
    add_json_flag(checking, check.as_json);
    auto* const backing_up =
        add_command(app, "backup", "Copy the database, also while a server uses it", backup.config_file);
    backing_up
        ->add_option("--to", backup.to, "The copy; one of that name is replaced once the new one is whole")
        ->required()
        ->type_name("FILE");
    add_json_flag(backing_up, backup.as_json);
    auto* const migrating = add_migrate_command(app, migration);
    auto* const changing_keys = add_keys_commands(app, keys);
    add_reseal_command(*changing_keys, operating);
    add_operator_commands(app, operating);
    auto* const making_service_key = add_service_key_command(app, service_key);
    auto* const listing_routes =
        app.add_subcommand("routes", "List every call: its listener, and the scope that a service key needs");
    add_json_flag(listing_routes, routes.as_json);

    std::vector<std::string> words = with_default_command(arguments);
    std::reverse(words.begin(), words.end()); // as CLI11 wants them
    try {
        app.parse(std::move(words));
    } catch (const CLI::ParseError& why) {
        std::ostringstream out;
        std::ostringstream errors;
        const int status = app.exit(why, out, errors);
        if (status == 0) return print_command{.text = out.str(), .exit_status = 0};
        std::string text = errors.str();
        if (const std::string word = unknown_command(app); !word.empty() && is_command_missing(why))
            text = word;
        return print_command{.text = "wxlogind: " + text, .exit_status = 2};
    }
    if (checking->parsed()) return check;
    if (backing_up->parsed()) return backup;
    if (migrating->parsed()) return migration;
    if (!operating.what.target.empty()) return operating;
    if (changing_keys->parsed()) return keys;
    if (making_service_key->parsed()) return service_key;
    if (listing_routes->parsed()) return routes;
    return serve;
}

} // namespace wxlogind
