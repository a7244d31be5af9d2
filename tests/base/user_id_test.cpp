#include "core/base/user_id.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace wxlogind;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

namespace {

constexpr unix_millis noon{1'800'000'000'000ms};

std::int64_t millis_of(const user_id& id) {
    std::int64_t millis = 0;
    for (std::size_t i = 0; i < 6; ++i) millis = millis << 8 | id.bytes[i];
    return millis;
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_id)

BOOST_AUTO_TEST_CASE(text_and_bytes_are_the_same_id) {
    // The example of RFC 9562, appendix A.6.
    constexpr auto text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"sv;
    const auto id = parse_user_id(text);
    BOOST_TEST_REQUIRE(id.has_value());
    BOOST_TEST(millis_of(*id) == 0x017f22e279b0);
    BOOST_TEST(id->bytes[15] == 0x8f);
    BOOST_TEST(to_string(*id) == text);
}

BOOST_AUTO_TEST_CASE(only_canonical_text_is_read) {
    for (const auto text : {
             ""sv,
             "017f22e2-79b0-7cc3-98c4-dc0c0c07398"sv,
             "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0"sv,
             "017F22E2-79B0-7CC3-98C4-DC0C0C07398F"sv,
             "017f22e279b07cc398c4dc0c0c07398f"sv,
             "{017f22e2-79b0-7cc3-98c4-dc0c0c0739}"sv,
             "017f22e2-79b0-7cc3-98c4-dc0c0c07398g"sv,
             "017f22e2-79b0-7cc3-98c4_dc0c0c07398f"sv,
             "017f22e27-9b0-7cc3-98c4-dc0c0c07398f"sv,
             "017f22e2-79b0-7cc3-98c4-dc0c0c0739\0f"sv,
             " 017f22e2-79b0-7cc3-98c4-dc0c0c07398"sv,
         })
        BOOST_TEST(!parse_user_id(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(an_id_is_a_uuid_of_version_7_with_the_time_in_front) {
    user_id_source source;
    for (int i = 0; i < 1000; ++i) {
        const auto id = source.next(noon + std::chrono::milliseconds{i});
        BOOST_TEST(millis_of(id) == (noon + std::chrono::milliseconds{i}).time_since_epoch().count());
        BOOST_TEST((id.bytes[6] >> 4) == 7);
        BOOST_TEST((id.bytes[8] >> 6) == 2);
        BOOST_TEST((parse_user_id(to_string(id)) == id));
    }
}

BOOST_AUTO_TEST_CASE(ids_grow_within_one_millisecond) {
    user_id_source source;
    auto last = source.next(noon);
    for (int i = 0; i < 20'000; ++i) {
        const auto id = source.next(noon);
        BOOST_REQUIRE((last < id));
        BOOST_REQUIRE((id.bytes[6] >> 4) == 7);
        BOOST_REQUIRE((id.bytes[8] >> 6) == 2);
        last = id;
    }
    // 20,000 ids in no time borrow a few milliseconds of the future, not more.
    BOOST_TEST(millis_of(last) - noon.time_since_epoch().count() < 20);
}

BOOST_AUTO_TEST_CASE(ids_grow_when_the_clock_steps_back) {
    user_id_source source;
    auto last = source.next(noon);
    for (const auto step : {-1ms, -3'600'000ms, 0ms, -5ms, -1'800'000'000'000ms, -1'900'000'000'000ms, 1ms}) {
        const auto id = source.next(noon + step);
        BOOST_TEST((last < id));
        last = id;
    }
    BOOST_TEST(millis_of(last) == (noon + 1ms).time_since_epoch().count());
}

BOOST_AUTO_TEST_CASE(two_sources_do_not_make_the_same_ids) {
    std::set<wxlogind::user_id> ids;
    for (int i = 0; i < 1000; ++i) ids.insert(user_id_source{}.next(noon));
    BOOST_TEST(ids.size() == 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
