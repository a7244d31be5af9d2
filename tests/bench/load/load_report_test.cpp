// What is told of a run.
#include "bench/load/record/timeline.hpp"
#include "bench/load/report/condition.hpp"
#include "bench/load/report/metrics.hpp"
#include "bench/load/report/plot.hpp"
#include "bench/load/report/report.hpp"
#include "bench/load/report/texts.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>

using namespace wxlogind::load;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<interval> filled(std::size_t number, unsigned thread, int answers, nanoseconds took) {
    auto made = std::make_unique<interval>();
    made->number = number;
    made->thread = thread;
    made->length = 1s;
    made->operations.resize(1);
    made->operations[0].succeeded = static_cast<std::uint64_t>(answers);
    for (int i = 0; i < answers; ++i) made->operations[0].latency.record(took);
    made->spent.running = 100ms;
    return made;
}

// 100 answers a second for three seconds after one of warm-up; 3 failures.
load_result sample_result() {
    timeline record{2, 1s, 1, 3};
    const auto ignore = [](const timeline_point&) {};
    for (std::size_t number = 0; number < 5; ++number)
        for (const unsigned thread : {0u, 1u}) {
            auto one = filled(number, thread, number == 4 ? 2 : 50, number == 0 ? 900ms : 10ms);
            if (number == 0) one->operations[0].latency = {}; // as the recorder leaves the warm-up out
            if (number == 2 && thread == 1) {
                one->operations[0].count_failure(503, "overloaded");
                one->operations[0].count_failure(503, "overloaded");
                one->operations[0].count_failure(0, "timeout");
            }
            record.add(std::move(one), ignore);
        }
    load_result result;
    result.operations = {"returning"};
    result.total = record.measured();
    result.seconds = 3;
    result.points = record.points();
    result.threads = record.spent_by_thread();
    result.server = spent::usage{};
    result.server->cpu = 30ms;
    result.server->voluntary_switches = 606;
    result.server->resident_bytes = 50 << 20;
    return result;
}

report sample_report(const options& wanted) {
    report made;
    made.wanted = &wanted;
    made.load = "closed loop <&>";
    made.command = "wxlogin-bench --header '<script>'";
    made.result = sample_result();
    return made;
}

double metric(std::string_view name) {
    return value_of_metric(sample_result(), name).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(load_report)

BOOST_AUTO_TEST_CASE(the_record_counts_the_measured_time_and_late_answers_only_by_their_latency) {
    const load_result result = sample_result();
    const tally whole = result.total.whole();
    BOOST_TEST(whole.succeeded == 300u);
    BOOST_TEST(whole.latency.count() == 304u);
    BOOST_TEST(whole.failed == 3u);
    BOOST_TEST(result.points.size() == 4u);
    BOOST_TEST(result.points.front().is_warm_up);
    BOOST_TEST(!result.points[1].is_warm_up);
    BOOST_TEST((result.threads.at(1).running == 300ms));
    BOOST_TEST((result.total.length == 3s));
}

BOOST_AUTO_TEST_CASE(an_interval_that_was_broken_off_is_no_point_and_counts_all_the_same) {
    timeline record{1, 1s, 0, 10};
    std::size_t points = 0;
    record.add(filled(0, 0, 10, 1ms), [&](const timeline_point&) { ++points; });
    auto half = filled(1, 0, 5, 1ms);
    half->length = 500ms;
    record.add(std::move(half), [&](const timeline_point&) { ++points; });
    BOOST_TEST(points == 1u);
    BOOST_TEST(record.measured().whole().succeeded == 15u);
    BOOST_TEST((record.measured().length == 1500ms));
}

BOOST_AUTO_TEST_CASE(metrics_have_the_values_of_the_run) {
    BOOST_TEST(metric("rate") == 100);
    BOOST_TEST(metric("p99") >= 0.010);
    BOOST_TEST(metric("p99") <= 0.0101);
    BOOST_TEST(metric("errors") == 3.0 / 303);
    BOOST_TEST(metric("switches") == 2);
    BOOST_TEST(metric("cpu") == 0.030 / 303);
    BOOST_TEST(metric("rss") == 50 << 20);
    BOOST_TEST(!value_of_metric(sample_result(), "syscalls").has_value());
    BOOST_TEST(!unit_of_metric("p101").has_value());
    BOOST_TEST(!unit_of_metric("speed").has_value());
}

BOOST_AUTO_TEST_CASE(conditions_are_read_with_their_units) {
    const auto limit = [](std::string_view text) { return parse_condition(text).limit; };
    BOOST_TEST(limit("p99>20ms") == 0.020);
    BOOST_TEST(limit("p99.9 > 1.5 s") == 1.5);
    BOOST_TEST(limit("cpu>60us") == 60e-6, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(limit("errors>0.1%") == 0.001);
    BOOST_TEST(limit("rss>100MiB") == 100.0 * 1024 * 1024);
    BOOST_TEST(limit("rate<5000") == 5000);
    BOOST_TEST(parse_condition("rate<5000").holds_for(4999));
    BOOST_TEST(!parse_condition("rate<5000").holds_for(5000));
    BOOST_TEST(parse_condition("p99>20ms").holds_for(0.0201));
    for (const char* const wrong :
         {"", "p99", "p99=20ms", "p99>20", "p99>ms", "p99>20MiB", "speed>1", "p0>1ms", "rate<5%",
          "errors>1ms"})
        BOOST_CHECK_THROW((void)parse_condition(wrong), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_harness_that_had_no_time_left_says_so) {
    const auto mentions = [](const load_result& result, std::string_view text, const load_plan& plan = {}) {
        return std::ranges::any_of(find_doubts(plan, result), [&](const std::string& each) {
            return each.find(text) != std::string::npos;
        });
    };
    load_result result = sample_result();
    BOOST_TEST(find_doubts({}, result).empty());
    result.threads[1].running = 2800ms; // of 3 s
    BOOST_TEST(mentions(result, "thread 1 ran 93.3 % of the time"));
    result.threads[1] = {1500ms, 1400ms};
    BOOST_TEST(mentions(result, "waited for a CPU for 46.7 %"));
    result = sample_result();
    result.server->waiting = 2s;
    BOOST_TEST(mentions(result, "the server was ready to run and waited"));

    load_plan open_loop;
    open_loop.rate = 100;
    result = sample_result();
    result.total.unstarted = 7;
    BOOST_TEST(mentions(result, "7 requests were meant to start and never did", open_loop));
    result.total.unstarted = 0;
    for (int i = 0; i < 100; ++i) result.total.lag.record(6ms);
    BOOST_TEST(mentions(result, "started 6.", open_loop));
    load_plan idle;
    idle.idle_connections = 5;
    BOOST_TEST(mentions(result, "only 0 were open", idle));
}

BOOST_AUTO_TEST_CASE(failures_are_told_by_status_and_code) {
    const options wanted;
    const std::string table = render_table(sample_report(wanted));
    BOOST_TEST_CONTEXT(table) {
        BOOST_TEST(table.find("503 overloaded x 2") != std::string::npos);
        BOOST_TEST(table.find("failed: timeout x 1") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_json_is_json_and_has_the_figures) {
    const options wanted;
    const auto all = boost::json::parse(render_json(sample_report(wanted))).as_object();
    BOOST_TEST(all.at("all").at("rate").to_number<double>() == 100);
    BOOST_TEST(all.at("operations").at("returning").at("succeeded").to_number<int>() == 300);
    BOOST_TEST(all.at("all").at("failures").as_array().size() == 2u);
    BOOST_TEST(all.at("intervals").as_array().size() == 4u);
}

BOOST_AUTO_TEST_CASE(the_page_needs_nobody_and_shows_texts_as_texts) {
    const options wanted;
    const std::string page = render_html(sample_report(wanted));
    for (const char* const foreign : {"http:", "https:", "src=", "<script", "@import", "url("})
        BOOST_TEST(page.find(foreign) == std::string::npos, foreign);
    BOOST_TEST(page.find("closed loop &lt;&amp;&gt;") != std::string::npos);
    BOOST_TEST(page.find("Latency by percentile") != std::string::npos);
    for (const char* const no_number : {"NaN", ">nan", "Mnan", "Lnan", " nan", "inf\"", ">inf"})
        BOOST_TEST(page.find(no_number) == std::string::npos, no_number);
}

BOOST_AUTO_TEST_CASE(a_run_without_any_answer_can_be_told_of) {
    const options wanted;
    report made = sample_report(wanted);
    made.result = {};
    BOOST_TEST(!render_table(made).empty());
    BOOST_TEST(!render_html(made).empty());
    BOOST_TEST(boost::json::parse(render_json(made)).is_object());
}

BOOST_AUTO_TEST_CASE(axes_end_beyond_what_they_show_and_have_few_ticks) {
    const auto label = [](double at) { return count_text(at); };
    for (const double highest : {0.0, 0.3, 1.0, 7.0, 99.0, 1234.0, 1e6}) {
        const axis made = linear_axis("", highest, label);
        BOOST_TEST(made.high >= highest);
        BOOST_TEST(made.ticks.size() >= 2u);
        BOOST_TEST(made.ticks.size() <= 9u);
    }
    for (const auto& [low, high] : {std::pair{1e-4, 2e-1}, {3e-3, 4e-3}, {1e-6, 10.0}, {0.01, 0.01}}) {
        const axis made = logarithmic_axis("", low, high, label);
        BOOST_TEST(made.low <= low);
        BOOST_TEST(made.high >= high);
        BOOST_TEST(made.ticks.size() >= 2u);
        BOOST_TEST(made.ticks.size() <= 12u);
    }
}

BOOST_AUTO_TEST_CASE(figures_have_three_digits_and_a_unit) {
    BOOST_TEST(time_text(812e-6) == "812 us");
    BOOST_TEST(time_text(0.00413) == "4.13 ms");
    BOOST_TEST(time_text(12.0) == "12.0 s");
    BOOST_TEST(count_text(1234567) == "1,234,567");
    BOOST_TEST(count_text(0.25) == "0.25");
    BOOST_TEST(bytes_text(1536) == "1.50 KiB");
    BOOST_TEST(share_text(0.0013) == "0.13 %");
}

BOOST_AUTO_TEST_SUITE_END()
