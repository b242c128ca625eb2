// `manage new model`.
#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/file.hpp"
#include "app/base/text.hpp"
#include "manage/identifier.hpp"
#include "manage/new.hpp"

namespace manage {

namespace {

using app::web::Value;

// What a field of a type is everywhere. In `read`, # is the column's number.
struct FieldType {
    std::string_view name, type, initial, read, sql, column, sample;
};

constexpr FieldType field_types[] = {
    {"text", "std::string", " = {}", "std::string{row.text(#)}", "@text@", "text", "\"some text\""},
    {"integer", "std::int64_t", " = 0", "row.integer(#)", "BIGINT", "integer", "7"},
    {"boolean", "bool", " = false", "row.boolean(#)", "BIGINT", "integer", "true"},
    {"time", "base::Timestamp", " = {}", "row.time(#)", "@time@", "time", "base::from_microseconds(1'800'000'000'123'456)"},
};

struct Fields {
    Value::List values;                          // for the templates
    std::string columns, assignments, marks;     // of the SQL statements
    std::string archive = "{{\"id\", integer}";  // of the archive's table
};

Fields read_fields(const std::vector<std::string>& texts) {
    Fields fields;
    std::vector<std::string> names{"id"};
    for (const std::string& text : texts) {
        const std::size_t colon = std::min(text.find(':'), text.size());
        const std::string name = text.substr(0, colon), type = colon < text.size() ? text.substr(colon + 1) : "";
        check_column("a field's name", name);
        if (std::ranges::find(names, name) != names.end()) refuse_growth("there are two fields " + name);
        const auto found = std::ranges::find(field_types, type, &FieldType::name);
        if (found == std::end(field_types)) {
            refuse_growth("a field is NAME:TYPE, as price:integer, with the type text, integer, boolean or time; not " + text);
        }
        std::string read{found->read};
        read.replace(read.find('#'), 1, std::to_string(names.size()));
        fields.values.emplace_back(Value::Object{{"name", name},
                                                 {"type", found->type},
                                                 {"initial", found->initial},
                                                 {"read", read},
                                                 {"sql", found->sql},
                                                 {"sample", found->sample}});
        const std::string comma = fields.columns.empty() ? "" : ", ";
        fields.columns += comma + name;
        fields.assignments += comma + name + " = ?";
        fields.marks += comma + "?";
        fields.archive += ", {\"" + name + "\", " + std::string(found->column) + "}";
        names.push_back(name);
    }
    if (texts.empty()) refuse_growth("a model has fields: say NAME:TYPE, as price:integer, once or more");
    fields.archive += "}";
    return fields;
}

// Whether a header of the models declares the type.
bool is_type_taken(const Growth& growth, const std::string& type) {
    for (const auto& entry : std::filesystem::directory_iterator(growth.checkout() / "app/models")) {
        if (entry.path().extension() != ".hpp") continue;
        const std::string text = app::base::find_file(entry.path()).value_or("");
        for (const std::string& declared : {"\nstruct " + type, "\nclass " + type}) {
            for (const char end : {' ', ';'}) {
                if (text.find(declared + end) != text.npos) return true;
            }
        }
    }
    return false;
}

}  // namespace

void plan_model(Growth& growth, const std::string& name, const std::vector<std::string>& texts) {
    check_column("a model's name", name);
    const std::string type = pascal_case(name), table = plural(name);
    check_column("a model's table", table);
    const std::string header = "app/models/" + name + ".hpp";
    if (growth.has(header) || is_type_taken(growth, type))
        refuse_growth("the name is taken: app/models has " + type + " already");
    const Fields fields = read_fields(texts);
    const std::string archive = "constexpr Column " + table + "[] = ";
    if (growth.read("app/archive/tables.cpp").find(archive) != std::string::npos)
        refuse_growth("the table is taken: there is " + table + " already");

    const Value::Object values{{"name", name},
                               {"model", name},
                               {"type", type},
                               {"table", table},
                               {"fields", fields.values},
                               {"columns", fields.columns},
                               {"assignments", fields.assignments},
                               {"marks", fields.marks}};
    growth.add(header, "model.hpp", values);
    growth.add("app/models/" + name + ".cpp", "model.cpp", values);
    plan_migration(growth, "create_" + table, "migration.sql", values);
    growth.change("app/archive/tables.cpp", [&](SourceText& source) {
        source.insert_before("constexpr Table all[] = {", archive + fields.archive + ";\n\n");
        source.insert_at_end("constexpr Table all[] = {", "};", "    {\"" + table + "\", 1, " + table + "},");
    });
    growth.add("tests/unit/models/" + name + "_test.cpp", "model_test.cpp", values);
    growth.change("tests/unit/models/query_plan_test.cpp", [&](SourceText& source) {
        source.add_include(header);
        source.insert_at_end("void read_all(", "}", "    find_" + name + "(c, 2);");
        const std::string added = "added_" + name;
        source.insert_at_end("void write_all(", "}",
                             "    const " + type + " " + added + " = add_" + name + "(c, {});\n    change_" + name + "(c, " +
                                 added + "), remove_" + name + "(c, " + added + ".id);");
    });
}

}  // namespace manage
