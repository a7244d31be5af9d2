#include "core/base/config_changes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace wxlogind;

namespace {

// Gives the key number `which` of a section another value that it may hold; when() is then its own.
class alteration {
public:
    explicit alteration(std::size_t which) : which_{which} {}

    void text(config_key key, std::string& value, text_check check) {
        if (!is_it(key)) return;
        // One of them is right for any key, and another one than the value.
        for (const char* const other :
             {"127.0.0.1:9", "https://other", "sqlite:/other.db", "other",
              "00000000000000000000000000000000000000000000000000000000000000aa"})
            if (value != other && check(other).empty()) {
                value = other;
                return;
            }
        BOOST_FAIL("no other value for " << key.name);
    }
    void path(config_key key, std::string& value) {
        if (is_it(key)) value += "other";
    }
    void list(config_key key, std::vector<std::string>& value, text_check check) {
        if (!is_it(key)) return;
        for (const char* const one : {"127.0.0.1:9", "127.0.0.1", "verify"})
            if (check(one).empty()) value.emplace_back(one);
    }
    void flag(config_key key, bool& value) {
        if (is_it(key)) value = !value;
    }
    template <class Integer>
    void number(config_key key, Integer& value, std::int64_t, std::int64_t most) {
        if (is_it(key)) value = static_cast<Integer>(value == static_cast<Integer>(most) ? most - 1 : most);
    }
    template <class Duration>
    void duration(
        config_key key, Duration& value, std::type_identity_t<Duration>,
        std::type_identity_t<Duration> most) {
        if (is_it(key)) value = most;
    }
    template <class Enum>
    void choice(
        config_key key, Enum& value,
        std::initializer_list<std::pair<std::string_view, std::type_identity_t<Enum>>> choices) {
        if (is_it(key))
            value =
                value == choices.begin()->second ? std::prev(choices.end())->second : choices.begin()->second;
    }
    void app_secret(config_key key, std::string&, secret& value) {
        if (is_it(key)) value = secret{std::string{"another"}};
    }

    void secret_file(config_key key, std::string& file, secret&) {
        if (is_it(key)) file = "another";
    }
    void open_file(config_key key, std::string& file, std::string&) {
        if (is_it(key)) file = "another";
    }

    [[nodiscard]] const std::optional<config_key>& changed() const noexcept { return changed_; }

private:
    bool is_it(config_key key) {
        if (seen_++ != which_) return false;
        changed_ = key;
        return true;
    }

    std::size_t which_;
    std::size_t seen_{0};
    std::optional<config_key> changed_;
};

config sample() {
    config it;
    it.apps.resize(2);
    it.apps[0].appid = "wx1";
    it.apps[0].secret = secret{std::string{"first"}};
    it.apps[1].appid = "wx2";
    it.service_keys.resize(1);
    it.service_keys[0].name = "orders";
    return it;
}

// Alters one key after the other of what `part` picks from a configuration.
template <class Part>
std::size_t check_every_key_of(const std::string& name, Part part) {
    std::size_t number = 0;
    for (;; ++number) {
        const config before = sample();
        config next = sample();
        alteration alter{number};
        list_keys(alter, part(next));
        if (!alter.changed()) return number;
        const config altered = next;
        const std::string key{alter.changed()->name};
        if (key == "appid" || key == "name") continue; // another one is another app

        const auto changes = take_changes(before, next);
        BOOST_TEST_REQUIRE(changes.size() == 1u, name << "." << key);
        BOOST_TEST(changes[0].key == name + "." + key);
        BOOST_TEST((changes[0].when == alter.changed()->when));
        // What counts now is the new value, or the old one.
        config again = changes[0].when == taken_in::at_reload ? altered : before;
        BOOST_TEST(take_changes(again, next).empty(), name << "." << key);
        const auto restart = keys_taken_in_at_restart();
        const bool is_listed = std::find(restart.begin(), restart.end(), name + "." + key) != restart.end();
        if (name.find('.') == std::string::npos)
            BOOST_TEST(is_listed == (changes[0].when == taken_in::at_restart), name << "." << key);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_changes)

BOOST_AUTO_TEST_CASE(every_key_that_changes_is_taken_in_or_keeps_its_value_and_is_named) {
    std::size_t keys = 0;
    config shape;
    std::size_t sections = 0;
    list_sections(shape, [&](std::string_view name, auto& section) {
        using settings = std::remove_reference_t<decltype(section)>;
        ++sections;
        keys += check_every_key_of(std::string{name}, [](config& of) -> settings& {
            settings* found = nullptr;
            list_sections(of, [&found](std::string_view, auto& each) {
                if constexpr (std::is_same_v<std::remove_reference_t<decltype(each)>, settings>)
                    found = &each;
            });
            return *found;
        });
    });
    keys += check_every_key_of("apps.wx1", [](config& of) -> app_settings& { return of.apps[0]; });
    keys += check_every_key_of(
        "service_keys.orders", [](config& of) -> service_key_settings& { return of.service_keys[0]; });
    BOOST_TEST(sections == 8u);
    BOOST_TEST(keys > 60u);
}

BOOST_AUTO_TEST_CASE(what_is_as_it_was_is_no_change) {
    config next = sample();
    BOOST_TEST(take_changes(sample(), next).empty());
}

BOOST_AUTO_TEST_CASE(apps_are_the_same_by_their_appid_wherever_they_stand) {
    config next = sample();
    std::swap(next.apps[0], next.apps[1]);
    BOOST_TEST(take_changes(sample(), next).empty());
    next.apps.pop_back();
    next.apps.emplace_back().appid = "wx3";
    const auto changes = take_changes(sample(), next);
    BOOST_TEST_REQUIRE(changes.size() == 2u);
    BOOST_TEST((changes[0] == config_change{"apps.wx1", taken_in::at_reload, "there", "removed"}));
    BOOST_TEST((changes[1] == config_change{"apps.wx3", taken_in::at_reload, "not there", "added"}));
}

BOOST_AUTO_TEST_CASE(a_change_tells_both_values_but_never_a_secret) {
    config next = sample();
    next.log.level = log_level::debug;
    next.server.header_timeout = milliseconds{7};
    next.server.trusted_proxies = {"unix", "::1"};
    next.apps[0].secret = secret{std::string{"canary"}};
    const auto changes = take_changes(sample(), next);
    BOOST_TEST_REQUIRE(changes.size() == 4u);
    BOOST_TEST((changes[0] == config_change{"server.trusted_proxies", taken_in::at_reload, "", "unix, ::1"}));
    BOOST_TEST((changes[1] == config_change{"server.header_timeout_ms", taken_in::at_reload, "5000", "7"}));
    BOOST_TEST((changes[2] == config_change{"log.level", taken_in::at_reload, "info", "debug"}));
    BOOST_TEST((changes[3] == config_change{"apps.wx1.secret", taken_in::at_reload, "", ""}));
}

BOOST_AUTO_TEST_SUITE_END()
