#include "bench/load/bench_run.hpp"

#include "bench/load/pace/rate_search.hpp"
#include "bench/load/plan_of_run.hpp"
#include "bench/load/preflight.hpp"
#include "bench/load/progress.hpp"
#include "bench/load/report/machine.hpp"
#include "bench/load/report/report.hpp"
#include "bench/load/report/texts.hpp"
#include "bench/load/scenario/scenario.hpp"
#include "bench/load/spent/syscall_count.hpp"
#include "bench/load/try_out/try_out.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <random>
#include <stdexcept>

namespace wxlogind::load {

namespace {

constexpr std::size_t most_upstream = 1024;  // connections from the server to WeChat, and its files
constexpr unsigned most_at_once = 64;        // logins of the preparation
constexpr double fewest_requests = 200;      // of a try, for a p99 that means something
constexpr double tolerable_errors = 0.001;   // of a rate that is good
constexpr double tolerable_shortfall = 0.02; // from the rate that was meant
constexpr std::chrono::seconds step_duration{4};
constexpr std::chrono::seconds syscalls_duration{2};

std::uint64_t random_number() {
    std::random_device source;
    return (std::uint64_t{source()} << 32) ^ source();
}

std::vector<pid_t> server_processes(const options& wanted, const endpoint& target) {
    if (wanted.ignores_server) return {};
    if (!wanted.server_processes.empty()) return wanted.server_processes;
    if (!target.is_on_this_machine()) return {};
    return spent::find_listeners(target.port(), target.is_unix() ? target.text().substr(5) : std::string{});
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream out{path, std::ios::trunc | std::ios::binary};
    out << text;
    out.close();
    if (!out) throw std::runtime_error{path + " cannot be written"};
}

class bench {
public:
    bench(const options& wanted, const std::atomic<bool>& stop)
        : wanted_{wanted},
          stop_{stop},
          plan_{plan_of(wanted)},
          scenario_{wanted, random_number()},
          server_{server_processes(wanted, *plan_.open_to_all), wanted.allocations_file},
          shown_{!wanted.is_quiet} {}

    report run() {
        allow_connections(plan_.connections + plan_.idle_connections);
        check_server(wanted_, scenario_, *plan_.open_to_all, *plan_.internal);
        prepare();
        report made;
        made.wanted = &wanted_;
        made.seed = plan_.seed;
        std::vector<operations> what = scenario_.main();
        if (wanted_.ramp) search(what, made);
        if (scenario_.ends_by_itself()) plan_.measured_intervals = plan_.warm_up_intervals = 0;
        made.load = describe(plan_, wanted_);
        made.interval_seconds = std::chrono::duration<double>(plan_.interval).count();
        made.result = run_once("measuring", plan_, what);
        made.warnings = find_doubts(plan_, made.result);
        if (!wanted_.allocations_file.empty() && made.result.server && !made.result.server->allocations)
            made.warnings.emplace_back("allocations were not counted: the server has a malloc of its own "
                                       "(for wxlogind: a build with "
                                       "-DWXLOGIND_LIBC_MALLOC=ON has none)");
        if (wanted_.counts_syscalls && !stop_) count_syscalls(what, made);
        if (server_.processes().empty() && !wanted_.ignores_server && plan_.open_to_all->is_on_this_machine())
            made.warnings.emplace_back("the server's process was not found (is it another user's?): its CPU "
                                       "time is not known; see --server-pid");
        return made;
    }

private:
    load_result run_once(const std::string& phase, const load_plan& plan, std::vector<operations>& what) {
        run_watch watch;
        watch.on_point = [this](const timeline_point& point) { shown_.show(point); };
        watch.stop = &stop_;
        watch.server = server_.processes().empty() ? nullptr : &server_;
        const std::size_t intervals =
            plan.measured_intervals == 0 ? 0 : plan.warm_up_intervals + plan.measured_intervals;
        shown_.begin(phase, intervals);
        return run_load(plan, what, watch);
    }

    void prepare() {
        if (!scenario_.needs_preparation()) return;
        load_plan plan = plan_;
        plan.rate.reset();
        plan.connections = std::max(std::min(plan.connections, most_at_once), plan.threads);
        plan.reconnects = false;
        plan.idle_connections = 0;
        plan.warm_up_intervals = plan.measured_intervals = 0;
        std::vector<operations> what = scenario_.preparation();
        const load_result result = run_once("logging users in", plan, what);
        const tally whole = result.total.whole();
        if (stop_) throw std::runtime_error{"interrupted before the run began"};
        if (whole.failed > (whole.succeeded + whole.failed) / 100)
            throw std::runtime_error{
                count_text(static_cast<double>(whole.failed)) +
                " of the logins before the run failed, most by " +
                std::to_string(whole.failures.front().kind.status) + " " + whole.failures.front().kind.what};
        scenario_.keep_sessions();
    }

    // In a short run of its own, as strace slows the server down.
    void count_syscalls(std::vector<operations>& what, report& into) {
        if (!into.result.server) return;
        load_plan plan = plan_;
        set_times(plan, milliseconds{0}, syscalls_duration);
        plan.idle_connections = 0;
        try {
            spent::syscall_count counting{server_.processes()};
            const load_result result = run_once("counting system calls", plan, what);
            const auto calls = counting.finish();
            const tally whole = result.total.whole();
            const std::uint64_t requests = whole.latency.count() + whole.failed;
            const tally measured = into.result.total.whole();
            if (calls && requests != 0) // as many for each of the requests that were measured
                into.result.server->syscalls = *calls * (measured.succeeded + measured.failed) / requests;
        } catch (const std::exception& trouble) {
            into.warnings.push_back(std::string{"system calls were not counted: "} + trouble.what());
        }
    }

    // The bound holds, hardly anything fails, and no more was unanswered at the end than the bound explains.
    [[nodiscard]] bool
    is_good(const load_result& result, const load_plan& step, const rate_step& tried) const {
        const double meant = tried.rate * result.seconds;
        double may_miss = meant * tolerable_shortfall;
        if (static_cast<double>(result.total.unstarted) > may_miss) return false;
        if (unit_of_metric(wanted_.ramp->metric) == metric_unit::seconds)
            may_miss += tried.rate * wanted_.ramp->limit;
        may_miss += step.threads;
        return wanted_.ramp->holds_for(tried.value) && tried.achieved * result.seconds >= meant - may_miss &&
               value_of_metric(result, "errors").value_or(1) <= tolerable_errors;
    }

    // Leaves the best rate in the plan.
    void search(std::vector<operations>& what, report& into) {
        load_plan step = plan_;
        set_times(step, std::chrono::seconds{1}, std::min<milliseconds>(step_duration, wanted_.duration));
        load_plan probing = step;
        probing.connections = std::max(std::min(probing.connections, most_at_once), probing.threads);
        const double fastest = run_once("as fast as it goes", probing, what).rate();
        const double lowest =
            fewest_requests / std::chrono::duration<double>(step.interval * step.measured_intervals).count();
        rate_search rates{std::max(fastest / 2, lowest), lowest};
        while (const std::optional<double> rate = rates.next()) {
            if (stop_) break;
            step.rate = rate;
            const load_result result = run_once("trying " + count_text(*rate) + "/s", step, what);
            rate_step& tried = into.steps.emplace_back();
            tried.rate = *rate;
            tried.achieved = result.rate();
            tried.value = value_of_metric(result, wanted_.ramp->metric).value_or(0);
            tried.is_good = is_good(result, step, tried);
            rates.tell(tried.is_good);
        }
        if (!rates.best()) {
            std::string why = "no rate was found for which " + wanted_.ramp->text;
            if (!into.steps.empty())
                why += ": at " + count_text(into.steps.back().rate) + " a second, " + wanted_.ramp->metric +
                       " was " + value_text(*unit_of_metric(wanted_.ramp->metric), into.steps.back().value) +
                       " and " + count_text(into.steps.back().achieved) +
                       " a second were answered; fewer than " + count_text(lowest) +
                       " are tried with a longer --duration";
            throw std::runtime_error{why};
        }
        plan_.rate = rates.best();
    }

    const options& wanted_;
    const std::atomic<bool>& stop_;
    load_plan plan_;
    scenario scenario_;
    spent::process_watch server_;
    progress shown_;
};

} // namespace

int run_bench(options wanted, const std::string& command, const std::atomic<bool>& stop) {
    std::optional<try_out> own;
    if (wanted.try_out.is_wanted) {
        const std::size_t connections = wanted.connections.value_or(1024) + wanted.idle_connections;
        // Its own limit the server takes from here.
        allow_connections(connections + most_upstream);
        own.emplace(wanted.try_out, wanted.appid, connections);
        wanted.target = own->public_address();
        wanted.internal = own->internal_address();
        wanted.server_processes = {own->server_process()};
        wanted.allocations_file = own->allocations_file();
    }
    report made;
    const std::string started = time_now_text();
    {
        bench whole{wanted, stop};
        made = whole.run();
    }
    made.command = command;
    made.started = started;
    made.machine = machine_text();
    for (const condition& each : wanted.fail_if) {
        const auto value = value_of_metric(made.result, each.metric);
        if (!value)
            made.failed_conditions.push_back(each.text + ": " + each.metric + " is not known");
        else if (each.holds_for(*value))
            made.failed_conditions.push_back(
                each.text + ": it is " + value_text(*unit_of_metric(each.metric), *value));
    }
    std::cout << render_table(made) << std::flush;
    if (!wanted.json_file.empty()) write_file(wanted.json_file, render_json(made));
    if (!wanted.html_file.empty()) write_file(wanted.html_file, render_html(made));
    return made.failed_conditions.empty() ? 0 : 1;
}

} // namespace wxlogind::load
