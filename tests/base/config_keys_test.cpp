// etc/wxlogind.toml, the structs and the list of keys say the same.
#include "core/base/config_changes.hpp"

#include <boost/test/unit_test.hpp>

#include <toml++/toml.h>

#include <cstdlib>
#include <fstream>
#include <set>

using namespace wxlogind;

namespace {

// Walks through the keys of a section with their defaults, and holds the documented ones against them.
class defaults_comparison {
public:
    defaults_comparison(const toml::table& documented, std::string section)
        : documented_{documented}, section_{std::move(section)} {}

    void text(std::string_view key, const std::string& value, text_check check) {
        expect(key, toml::value{value});
        if (!value.empty()) BOOST_TEST(check(value) == "", name(key));
    }
    void path(std::string_view key, const std::string& value) { expect(key, toml::value{value}); }
    void list(std::string_view key, const std::vector<std::string>& value, text_check) {
        const toml::node* const node = find(key);
        BOOST_TEST_REQUIRE((node != nullptr && node->is_array()), name(key) << " is not documented");
        BOOST_TEST(value.empty(), name(key));
        BOOST_TEST(node->as_array()->empty(), name(key));
    }
    void flag(std::string_view key, bool value) { expect(key, toml::value{value}); }
    template <class Integer>
    void number(std::string_view key, Integer value, std::int64_t least, std::int64_t most) {
        const auto number = static_cast<std::int64_t>(value);
        BOOST_TEST((number >= least && number <= most), name(key) << " is out of its own range");
        expect(key, toml::value{number});
    }
    template <class Duration>
    void duration(
        std::string_view key, Duration value, std::type_identity_t<Duration> least,
        std::type_identity_t<Duration> most) {
        const std::string_view unit = std::is_same_v<Duration, milliseconds>        ? "_ms"
                                      : std::is_same_v<Duration, std::chrono::days> ? "_days"
                                                                                    : "_s";
        BOOST_TEST(key.ends_with(unit), name(key));
        number(key, value.count(), least.count(), most.count());
    }
    template <class Enum>
    void choice(
        std::string_view key, Enum value,
        std::initializer_list<std::pair<std::string_view, std::type_identity_t<Enum>>> choices) {
        for (const auto& [text, meaning] : choices)
            if (meaning == value) expect(key, toml::value{std::string{text}});
    }
    // The app of the file is an example: its id and secret are not defaults.
    void app_secret(std::string_view key, const std::string&, const secret&) {
        BOOST_TEST((find(std::string{key} + "_file") != nullptr));
    }

    void secret_file(std::string_view key, const std::string& file, const secret&) {
        expect(key, toml::value{file});
    }
    void open_file(std::string_view key, const std::string& file, const std::string&) {
        expect(key, toml::value{file});
    }

    void expect_nothing_else() const {
        for (const auto& [key, node] : documented_)
            BOOST_TEST(
                seen_.contains(std::string_view{key.str()}), name(key.str())
                                                                 << " is documented, and not a key");
    }

private:
    const toml::node* find(std::string_view key) {
        seen_.emplace(key);
        return documented_.get(key);
    }

    template <class Value>
    void expect(std::string_view key, const toml::value<Value>& value) {
        const toml::node* const node = find(key);
        BOOST_TEST_REQUIRE((node != nullptr), name(key) << " is not documented");
        if (name(key) == "apps.appid") return;
        const auto* const documented = node->template as<Value>();
        BOOST_TEST_REQUIRE((documented != nullptr), name(key) << " has another type");
        BOOST_TEST(documented->get() == value.get(), name(key) << " has another default");
    }

    [[nodiscard]] std::string name(std::string_view key) const { return section_ + "." + std::string{key}; }

    const toml::table& documented_;
    std::string section_;
    std::set<std::string, std::less<>> seen_;
};

template <class Settings>
void compare(const toml::table& documented, std::string_view section, Settings& defaults) {
    defaults_comparison comparison{documented, std::string{section}};
    list_keys(comparison, defaults);
    comparison.expect_nothing_else();
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_keys)

BOOST_AUTO_TEST_CASE(the_documented_file_has_every_key_with_its_default_and_no_other) {
    const char* const source_directory = std::getenv("WXLOGIND_SOURCE_DIR");
    BOOST_TEST_REQUIRE((source_directory != nullptr));
    const toml::table documented = toml::parse_file(std::string{source_directory} + "/etc/wxlogind.toml");
    config defaults;
    std::size_t sections = 0;
    list_sections(defaults, [&](std::string_view name, auto& settings) {
        ++sections;
        const toml::node* const node = documented.get(name);
        BOOST_TEST_REQUIRE((node != nullptr && node->is_table()), name << " is not documented");
        compare(*node->as_table(), name, settings);
    });
    const toml::node* const apps = documented.get("apps");
    BOOST_TEST_REQUIRE((apps != nullptr && apps->is_array() && apps->as_array()->size() == 1));
    app_settings app;
    compare(*apps->as_array()->get(0)->as_table(), "apps", app);
    BOOST_TEST(documented.size() == sections + 1);
}

// Seen by those who edit the file, and true.
BOOST_AUTO_TEST_CASE(the_documented_file_marks_every_key_that_needs_a_restart_and_no_other) {
    const char* const source_directory = std::getenv("WXLOGIND_SOURCE_DIR");
    BOOST_TEST_REQUIRE((source_directory != nullptr));
    std::ifstream file{std::string{source_directory} + "/etc/wxlogind.toml"};
    std::set<std::string> marked;
    std::string section;
    for (std::string line; std::getline(file, line);) {
        const std::size_t begin = line.find_last_of('[') + 1;
        if (line.starts_with('[')) section = line.substr(begin, line.find(']') - begin);
        if (line.ends_with("# restart")) marked.insert(section + "." + line.substr(0, line.find(' ')));
    }
    const auto names = keys_taken_in_at_restart();
    const std::set<std::string> expected(names.begin(), names.end());
    BOOST_TEST(marked == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
