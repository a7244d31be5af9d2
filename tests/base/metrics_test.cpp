#include "core/base/metrics/counters.hpp"
#include "core/base/metrics/exposition.hpp"
#include "core/base/metrics/histogram.hpp"
#include "core/base/metrics/per_reactor.hpp"
#include "core/base/metrics/registry.hpp"
#include "core/base/metrics/text.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>
#include <prometheus/text_serializer.h>

#include <cmath>
#include <latch>
#include <limits>
#include <thread>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::metrics;

namespace {

constexpr bucket_bounds<3> sizes{1, 10, 100};

void describe_a_bit_of_everything(report& to) {
    to.counter("things_total", "Things.")
        .add(3, {{"kind", "plain"}})
        .add(std::uint64_t{1} << 60, {{"kind", "a \"quoted\\ one\n"}, {"colour", ""}});
    to.gauge("heat_celsius", "How hot.")
        .add_number(-1.5)
        .add_number(0.1)
        .add_number(1e-9)
        .add_number(123456789.25)
        .add_number(std::numeric_limits<double>::infinity())
        .add_number(std::nan(""));
    histogram<sizes> seen;
    for (const std::uint64_t value : {0u, 1u, 2u, 10u, 11u, 1000u}) seen.observe(value);
    auto all = histogram<sizes>::empty();
    seen.add_to(all);
    to.histogram("size_bytes", "Sizes.").add(all, 1, {{"of", "x"}}).add(all, 1000);
    to.counter("nothing_total", "Nothing yet.");
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(the_text_is_what_the_library_would_write) {
    report said;
    describe_a_bit_of_everything(said);
    const auto families = said.take();
    BOOST_TEST(to_text(families) == prometheus::TextSerializer{}.Serialize(families));
}

BOOST_AUTO_TEST_CASE(a_value_counts_in_every_bucket_that_it_is_not_above) {
    report said;
    describe_a_bit_of_everything(said);
    const std::string text = to_text(said.take());
    for (const std::string_view line :
         {"size_bytes_bucket{of=\"x\",le=\"1\"} 2\n", "size_bytes_bucket{of=\"x\",le=\"10\"} 4\n",
          "size_bytes_bucket{of=\"x\",le=\"100\"} 5\n", "size_bytes_bucket{of=\"x\",le=\"+Inf\"} 6\n",
          "size_bytes_count{of=\"x\"} 6\n", "size_bytes_sum{of=\"x\"} 1024\n", "size_bytes_sum 1.024\n"})
        BOOST_TEST(text.find(line) != std::string::npos, "no " << line << " in " << text);
}

BOOST_AUTO_TEST_CASE(values_beyond_every_number_of_a_bucket_are_counted_all_the_same) {
    histogram<sizes> seen;
    seen.observe(std::numeric_limits<std::uint32_t>::max() + std::uint64_t{5});
    auto all = histogram<sizes>::empty();
    seen.add_to(all);
    BOOST_TEST(all.counts.back() == 1u);
    BOOST_TEST(all.sum == std::numeric_limits<std::uint32_t>::max() + std::uint64_t{5});
}

BOOST_AUTO_TEST_CASE(parts_add_to_one_family_and_their_lines_stand_together) {
    registry parts;
    for (const std::string_view name : {"public", "internal"})
        parts.add([name](report& to) {
            to.counter("requests_total", "Requests.").add(1, {{"listener", name}});
            to.gauge("open", "Open.").add(2, {{"listener", name}});
        });
    BOOST_TEST(
        to_text(parts.Collect()) == "# HELP requests_total Requests.\n# TYPE requests_total counter\n"
                                    "requests_total{listener=\"public\"} 1\n"
                                    "requests_total{listener=\"internal\"} 1\n"
                                    "# HELP open Open.\n# TYPE open gauge\n"
                                    "open{listener=\"public\"} 2\nopen{listener=\"internal\"} 2\n");
}

BOOST_AUTO_TEST_CASE(what_several_reactors_count_at_once_adds_up_to_all_of_it) {
    struct part {
        counter things;
        histogram<sizes> seen;
    };
    constexpr std::size_t reactors = 4;
    constexpr std::uint64_t each = 200'000;
    per_reactor<part> counts{reactors};
    shared_counter rare;
    const auto sum = [&] { return counts.sum([](const part& one) { return one.things.value(); }); };

    std::latch all_there{reactors + 1};
    std::vector<std::jthread> threads;
    for (std::size_t reactor = 0; reactor < reactors; ++reactor)
        threads.emplace_back([&, reactor] {
            all_there.arrive_and_wait();
            for (std::uint64_t i = 0; i < each; ++i) {
                counts[reactor].things.add();
                counts[reactor].seen.observe(i % 200);
                if (i % 100 == 0) rare.add();
            }
        });
    // Meanwhile what is read never falls.
    all_there.arrive_and_wait();
    for (std::uint64_t before = 0, now = 0; now < reactors * each; before = now) {
        now = sum();
        BOOST_TEST_REQUIRE(now >= before);
    }
    threads.clear();
    BOOST_TEST(sum() == reactors * each);
    BOOST_TEST(rare.value() == reactors * each / 100);
    auto seen = histogram<sizes>::empty();
    counts.for_each([&](const part& one) { one.seen.add_to(seen); });
    BOOST_TEST(seen.count() == reactors * each);
    BOOST_TEST(seen.sum == reactors * each / 200 * (199 * 200 / 2));
}

BOOST_AUTO_TEST_CASE(parts_of_two_reactors_share_no_cache_line) {
    const per_reactor<counter> counts{3};
    std::vector<std::uintptr_t> places;
    counts.for_each(
        [&](const counter& each) { places.push_back(reinterpret_cast<std::uintptr_t>(&each) / 128); });
    BOOST_TEST_REQUIRE(places.size() == 3u);
    BOOST_TEST((places[0] != places[1] && places[1] != places[2] && places[0] != places[2]));
}

BOOST_AUTO_TEST_CASE(a_scrape_is_collected_on_a_thread_of_its_own) {
    exposition figures;
    std::thread::id collected_on;
    figures.sources().add([&](report& to) {
        collected_on = std::this_thread::get_id();
        to.gauge("one", "One.").add(1);
    });
    const auto text = test::run(figures.scrape());
    BOOST_TEST_REQUIRE(text.has_value());
    BOOST_TEST(*text == "# HELP one One.\n# TYPE one gauge\none 1\n");
    BOOST_TEST((collected_on != std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(scrapes_beyond_a_few_are_refused_at_once_and_the_others_finished) {
    exposition figures;
    std::latch is_collecting{1};
    std::latch go_on{1};
    figures.sources().add([&](report&) {
        if (!is_collecting.try_wait()) is_collecting.count_down();
        go_on.wait();
    });
    std::vector<std::jthread> scrapers;
    std::atomic<unsigned> answered{0};
    std::atomic<unsigned> refused{0};
    std::atomic<unsigned> failed_otherwise{0};
    constexpr unsigned scrapes = 30;
    for (unsigned i = 0; i < scrapes; ++i) {
        scrapers.emplace_back([&] {
            const auto text = test::run(figures.scrape());
            // What is wrong is only counted here: the test log is one thread's.
            if (text) {
                ++answered;
            } else {
                if (text.error().code != errc::overloaded) ++failed_otherwise;
                if (++refused == scrapes - 9) go_on.count_down(); // one is collected and eight wait
            }
        });
        is_collecting.wait(); // the first: it waits no more
    }
    scrapers.clear();
    BOOST_TEST(answered == 9u);
    BOOST_TEST(refused == scrapes - 9);
    BOOST_TEST(failed_otherwise == 0u);
}

BOOST_AUTO_TEST_CASE(after_the_end_nothing_is_asked_any_more) {
    exposition figures;
    bool is_asked = false;
    figures.sources().add([&](report&) { is_asked = true; });
    figures.close();
    const auto text = test::run(figures.scrape());
    BOOST_TEST_REQUIRE(!text.has_value());
    BOOST_TEST((text.error().code == errc::overloaded));
    BOOST_TEST(!is_asked);
    figures.close(); // again is nothing
}

BOOST_AUTO_TEST_SUITE_END()
