#include "manage/shell/write_guard.hpp"

namespace manage::shell {

namespace {

using app::base::Code;

class GuardedDatabase final : public app::db::Database {
   public:
    GuardedDatabase(std::unique_ptr<Database> database, WriteGuard& guard) : database_(std::move(database)), guard_(guard) {}

    void end_turn() noexcept override { database_->end_turn(); }
    const app::db::Dialect& dialect() const override { return database_->dialect(); }
    std::string location() const override { return database_->location(); }

   protected:
    void run_read(Task task) override { database_->read(task); }
    void run_snapshot(Task task) override { database_->snapshot(task); }
    void run_write(Task task) override {
        guard_.check();
        database_->write(task);
    }

   private:
    const std::unique_ptr<Database> database_;
    WriteGuard& guard_;
};

}  // namespace

void WriteGuard::check() {
    if (rule_ == Rule::allow) return;
    if (rule_ == Rule::refuse || !ask_()) refuse();
    rule_ = Rule::allow;
}

void WriteGuard::refuse() {
    refusal_.emplace(Code::forbidden, reason_);
    throw *refusal_;
}

std::unique_ptr<app::db::Database> guard_writes(std::unique_ptr<app::db::Database> database, WriteGuard& guard) {
    return std::make_unique<GuardedDatabase>(std::move(database), guard);
}

}  // namespace manage::shell
