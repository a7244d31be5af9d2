// The real Prometheus, scraping wxloginds twice a second, with our alerts.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/json/array.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::test {

class prometheus_server {
public:
    // `targets`: "127.0.0.1:8081". Throws std::runtime_error when it does not become ready.
    explicit prometheus_server(const std::vector<std::string>& targets);

    // prometheus.io/docs/prometheus/latest/querying/api: the samples of an instant query. Throws
    // std::runtime_error with its words when it refuses the expression.
    [[nodiscard]] boost::json::array query(std::string_view expression) const;
    // The alerting rules, as they were loaded and evaluated last.
    [[nodiscard]] boost::json::array rules() const;

private:
    [[nodiscard]] boost::json::value ask(const std::string& path) const;

    temporary_directory files_;
    std::string address_;
    std::unique_ptr<child_process> process_;
};

} // namespace wxlogind::test
