#include "core/server/reactor_plan.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace wxlogind;

namespace {

server_settings with(unsigned threads, unsigned internal_threads = 0) {
    server_settings settings;
    settings.threads = threads;
    settings.internal_threads = internal_threads;
    return settings;
}

} // namespace

BOOST_AUTO_TEST_SUITE(reactor_plan)

BOOST_AUTO_TEST_CASE(the_internal_listener_has_a_loop_of_its_own_for_every_four_public_ones) {
    for (const auto& [threads, internal] : {std::pair{1u, 1u}, {4u, 1u}, {5u, 2u}, {16u, 4u}}) {
        const wxlogind::reactor_plan plan{with(threads)};
        BOOST_TEST(plan.for_public.first == 0u);
        BOOST_TEST(plan.for_public.count == threads);
        BOOST_TEST(plan.for_internal.first == threads);
        BOOST_TEST(plan.for_internal.count == internal);
        BOOST_TEST(plan.size() == threads + internal);
    }
}

BOOST_AUTO_TEST_CASE(both_numbers_can_be_given) {
    const wxlogind::reactor_plan plan{with(2, 3)};
    BOOST_TEST(plan.for_public.count == 2u);
    BOOST_TEST(plan.for_internal.count == 3u);
}

BOOST_AUTO_TEST_CASE(without_a_number_there_is_a_public_loop_for_each_core) {
    BOOST_TEST(wxlogind::reactor_plan{with(0)}.for_public.count == std::thread::hardware_concurrency());
}

BOOST_AUTO_TEST_CASE(logins_have_all_connections_that_are_configured_and_back_ends_a_fourth_beside_them) {
    const wxlogind::reactor_plan plan{with(8)};
    BOOST_TEST(plan.share_of(0).of == 8u);
    BOOST_TEST(plan.share_of(7).of == 8u);
    BOOST_TEST(plan.share_of(8).of == 8u); // two loops: an eighth each
    BOOST_TEST(plan.share_of(9).of == 8u);
    BOOST_TEST(wxlogind::reactor_plan{with(1)}.share_of(1).of == 4u);
}

BOOST_AUTO_TEST_CASE(each_loop_is_a_thread_with_a_name_that_tells_whom_it_serves) {
    net::reactor_pool reactors = make_reactors(wxlogind::reactor_plan{with(2, 1)});
    BOOST_TEST_REQUIRE(reactors.size() == 3u);
    BOOST_TEST(reactors[0].name() == "reactor-0");
    BOOST_TEST(reactors[1].name() == "reactor-1");
    BOOST_TEST(reactors[2].name() == "internal-0");
    BOOST_TEST(reactors[2].index() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
