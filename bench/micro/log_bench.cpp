// Question: what does one request line cost the reactor that logs it, and what would it cost through spdlog?
//
// The lines go to /dev/null at a pace of 30,000 a second (a line every 33 us, as a busy login server writes
// them): a writer that is woken for each line shows then, and does not in a tight loop. Subtract `nothing`,
// which is the cost of measuring.
#include "core/base/log.hpp"

#include <benchmark/benchmark.h>
#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <ctime>

using namespace wxlogind;

namespace {

constexpr std::string_view request_id = "0198f2c4a1b27d3e";
constexpr std::string_view user = "0198f2c4-a1b2-7d3e-8f40-0123456789ab";

double cpu_seconds(clockid_t of) {
    timespec now{};
    clock_gettime(of, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Per line: what the logging thread spends, and what the whole process does besides waiting for the time of
// the next line.
template <class Log>
void measure(benchmark::State& state, Log log_line) {
    constexpr auto pace = std::chrono::nanoseconds{33'333};
    double spent = 0;
    double waited = 0;
    const double process_start = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    auto next = std::chrono::steady_clock::now();
    for ([[maybe_unused]] const auto pass : state) {
        const double waiting = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
        while (std::chrono::steady_clock::now() < next) {
        }
        next += pace;
        const double start = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
        log_line();
        const double end = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
        waited += start - waiting;
        spent += end - start;
        state.SetIterationTime(end - start);
    }
    const auto lines = static_cast<double>(state.iterations());
    state.counters["logging_thread_ns"] = spent / lines * 1e9;
    state.counters["process_ns"] =
        (cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - process_start - waited) / lines * 1e9;
}

void nothing(benchmark::State& state) {
    measure(state, [] {});
}

void our_log(benchmark::State& state, log_format format) {
    const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    {
        log_settings settings;
        settings.format = format;
        const auto writer = start_log(settings, null);
        measure(state, [] {
            log_info(
                "request", {{"method", "POST"},
                            {"path", "/login"},
                            {"status", "200"},
                            {"us", "1834"},
                            {"request_id", request_id},
                            {"user", user}});
        });
    }
    ::close(null);
}

void log_with_spdlog(spdlog::logger& logger) {
    logger.info(
        "request method={} path={} status={} us={} request_id={} user={}", "POST", "/login", "200", "1834",
        request_id, user);
}

void set_pattern(spdlog::logger& logger) {
    logger.set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
}

void spdlog_asynchronous(benchmark::State& state) {
    spdlog::init_thread_pool(16384, 1);
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_st>("/dev/null");
    auto logger = std::make_shared<spdlog::async_logger>(
        "async", sink, spdlog::thread_pool(), spdlog::async_overflow_policy::overrun_oldest);
    set_pattern(*logger);
    measure(state, [&logger] { log_with_spdlog(*logger); });
    logger.reset();
    spdlog::shutdown();
}

// One write(2) a line.
void spdlog_flushed(benchmark::State& state) {
    spdlog::logger logger{"direct", std::make_shared<spdlog::sinks::basic_file_sink_mt>("/dev/null")};
    set_pattern(logger);
    logger.flush_on(spdlog::level::trace);
    measure(state, [&logger] { log_with_spdlog(logger); });
}

// spdlog's formatting alone, into memory: what a sink of ours would be called with, escaping not included.
void spdlog_formatting_only(benchmark::State& state) {
    struct memory_sink final : spdlog::sinks::base_sink<std::mutex> {
        void sink_it_(const spdlog::details::log_msg& message) override {
            buffer.clear();
            formatter_->format(message, buffer);
        }
        void flush_() override {}
        spdlog::memory_buf_t buffer;
    };
    spdlog::logger logger{"memory", std::make_shared<memory_sink>()};
    set_pattern(logger);
    measure(state, [&logger] { log_with_spdlog(logger); });
}

} // namespace

BENCHMARK(nothing)->Iterations(60'000)->UseManualTime();
BENCHMARK_CAPTURE(our_log, text, log_format::text)->Iterations(60'000)->UseManualTime();
BENCHMARK_CAPTURE(our_log, json, log_format::json)->Iterations(60'000)->UseManualTime();
BENCHMARK(spdlog_asynchronous)->Iterations(60'000)->UseManualTime();
BENCHMARK(spdlog_flushed)->Iterations(60'000)->UseManualTime();
BENCHMARK(spdlog_formatting_only)->Iterations(60'000)->UseManualTime();
BENCHMARK_MAIN();
