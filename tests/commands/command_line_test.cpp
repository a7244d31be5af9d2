#include "core/commands/command_line.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace wxlogind;

namespace {

template <class Command>
Command parse(std::vector<const char*> arguments) {
    const command parsed = parse_command_line(arguments);
    BOOST_TEST_REQUIRE(std::holds_alternative<Command>(parsed));
    return std::get<Command>(parsed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(serve_is_what_is_meant_when_no_command_is_named) {
    BOOST_TEST(parse<serve_command>({"serve", "--config", "a.toml"}).config_file == "a.toml");
    BOOST_TEST(parse<serve_command>({"--config", "a.toml"}).config_file == "a.toml");
    BOOST_TEST(parse<serve_command>({"--config=a.toml"}).config_file == "a.toml");
}

BOOST_AUTO_TEST_CASE(check_config_takes_a_file_and_a_format) {
    const auto plain = parse<check_config_command>({"check-config", "--config", "a.toml"});
    BOOST_TEST(plain.config_file == "a.toml");
    BOOST_TEST(!plain.as_json);
    BOOST_TEST(parse<check_config_command>({"check-config", "--json", "--config", "a.toml"}).as_json);
}

BOOST_AUTO_TEST_CASE(keys_are_listed_added_promoted_and_retired) {
    using enum keys_command::action;
    const auto listed = parse<keys_command>({"keys", "list", "--config", "a.toml", "--json"});
    BOOST_TEST((listed.what == list));
    BOOST_TEST(listed.config_file == "a.toml");
    BOOST_TEST(listed.as_json);
    const auto added = parse<keys_command>({"keys", "add", "--config", "a.toml"});
    BOOST_TEST((added.what == add));
    BOOST_TEST(!added.is_sealing);
    BOOST_TEST(parse<keys_command>({"keys", "add", "--sealing", "--config", "a.toml"}).is_sealing);
    const auto promoted = parse<keys_command>({"keys", "promote", "k1", "--config", "a.toml"});
    BOOST_TEST((promoted.what == promote));
    BOOST_TEST(promoted.key == "k1");
    const auto retired = parse<keys_command>({"keys", "retire", "--config", "a.toml", "k1"});
    BOOST_TEST((retired.what == retire));
    BOOST_TEST(retired.key == "k1");
    BOOST_TEST(!retired.at_once);
    BOOST_TEST(parse<keys_command>({"keys", "retire", "k1", "--force", "--config", "a.toml"}).at_once);
    const auto help = parse<print_command>({"keys", "retire", "--help"});
    BOOST_TEST(help.exit_status == 0);
    BOOST_TEST(help.text.find("--force") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(migrate_takes_a_file_a_format_and_whether_to_look_only) {
    const auto plain = parse<migrate_command>({"migrate", "--config", "a.toml"});
    BOOST_TEST(plain.config_file == "a.toml");
    BOOST_TEST(!plain.is_check);
    BOOST_TEST(!plain.as_json);
    const auto looking = parse<migrate_command>({"migrate", "--check", "--json", "--config", "a.toml"});
    BOOST_TEST(looking.is_check);
    BOOST_TEST(looking.as_json);
}

BOOST_AUTO_TEST_CASE(help_and_version_are_printed_and_are_no_failure) {
    const auto help = parse<print_command>({"--help"});
    BOOST_TEST(help.exit_status == 0);
    BOOST_TEST(help.text.find("check-config") != std::string::npos);
    const auto help_of_command = parse<print_command>({"check-config", "--help"});
    BOOST_TEST(help_of_command.exit_status == 0);
    BOOST_TEST(help_of_command.text.find("--json") != std::string::npos);
    const auto shown_version = parse<print_command>({"--version"});
    BOOST_TEST(shown_version.exit_status == 0);
    BOOST_TEST(shown_version.text == "wxlogind " + std::string{version} + "\n");
    BOOST_TEST(version.starts_with("0."));
}

BOOST_AUTO_TEST_CASE(wrong_usage_says_what_is_wrong) {
    const std::vector<std::vector<const char*>> wrong = {
        {},
        {"serve"},
        {"--config"},
        {"--config", "a.toml", "--colour"},
        {"--config", "a.toml", "b.toml"},
        {"dance"},
        {"serve", "check-config"},
        {"check-config", "--json"},
        {"serve", "--config", "a.toml", "--json"},
        {"migrate"},
        {"keys"},
        {"keys", "--config", "a.toml"},
        {"keys", "list"},
        {"keys", "list", "k1", "--config", "a.toml"},
        {"keys", "promote", "--config", "a.toml"},
        {"keys", "promote", "k1", "--force", "--config", "a.toml"},
        {"keys", "add", "list", "--config", "a.toml"},
        {""},
    };
    for (const auto& arguments : wrong) {
        const auto answer = parse<print_command>(arguments);
        BOOST_TEST(answer.exit_status == 2);
        BOOST_TEST(answer.text.starts_with("wxlogind: "));
        BOOST_TEST(answer.text.ends_with("\n"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
