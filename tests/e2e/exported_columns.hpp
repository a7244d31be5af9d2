// What becomes of each column of the database in the export of a user: it is shown, or left out for a reason.
#pragma once

#include <string>
#include <vector>

namespace wxlogind::test {

enum class about : bool {
    something, // others may have the same
    somebody,  // nobody else has it
};

struct shown_column {
    std::string column;
    std::string member; // of the object that stands for the row in the export
    std::string value;  // in SQL, what that says; NULL: it is not there
    about whom{about::something};
};

struct left_out_column {
    std::string column;
    std::string reason;
};

// The SQL knows two tables more: own_id (id), of the user and of those who were merged into it, and
// number (owner, text), the phone numbers that are sealed for somebody.
struct exported_table {
    std::string name;
    std::string member; // of the export, that holds its rows; "" = it shows none of its columns
    std::string rows;   // in SQL, which are the user's
    std::vector<shown_column> shown;
    std::vector<left_out_column> left_out;
};

struct table_without_users {
    std::string name;
    std::string reason;
};

[[nodiscard]] const std::vector<exported_table>& exported_tables();
[[nodiscard]] const std::vector<table_without_users>& tables_without_users();

} // namespace wxlogind::test
