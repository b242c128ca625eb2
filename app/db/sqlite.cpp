#include "app/db/sqlite.hpp"

#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "app/base/turn.hpp"
#include "app/db/lending.hpp"
#include "app/db/sqlite_connection.hpp"
#include "app/db/sqlite_file.hpp"
#include "app/db/sqlite_loop_reader.hpp"
#include "app/db/sqlite_writer.hpp"

namespace app::db {
namespace {

// The reader of the database that this thread read last in a turn. Ids are never used again, so that a closed one is never found.
struct CachedReader {
    std::uint64_t database_id = 0;
    SqliteLoopReader* reader = nullptr;
};
thread_local CachedReader cached;
std::atomic<std::uint64_t> databases{0};

class SqliteDatabase final : public Database {
   public:
    SqliteDatabase(std::unique_ptr<TemporarySqliteFile> temporary, std::string file, const Options& options)
        : temporary_(std::move(temporary)), file_(std::move(file)), options_(options), writer_(*this, file_, options_, counts_) {}

    const Dialect& dialect() const override { return sqlite_dialect; }
    std::string location() const override { return file_; }

    void end_turn() noexcept override {
        if (cached.database_id == id_) return cached.reader->end();
        if (cached.database_id == 0) return;  // nothing was ever read in a turn of this thread
        const std::lock_guard lock(mutex_);
        const auto found = loop_readers_.find(std::this_thread::get_id());
        if (found != loop_readers_.end()) found->second->end();
    }

   protected:
    void run_read(Task task) override {
        const Lending lending(*this, Lending::Kind::read);
        if (base::Turn::current()) return loop_reader().run(task, writer_.commits());
        std::unique_ptr<SqliteConnection> reader = take_reader();
        counts_.connections_in_use.fetch_add(1, std::memory_order_relaxed);
        try {
            task(*reader);
        } catch (...) {
            give_back(std::move(reader));
            throw;
        }
        give_back(std::move(reader));
    }

    void run_write(Task task) override {
        const Lending lending(*this, Lending::Kind::write);
        writer_.run(task);
    }

    void run_snapshot(Task task) override {
        const Lending lending(*this, Lending::Kind::read);
        SqliteConnection reader(file_, options_, SqliteConnection::Role::reader,
                                counts_);  // goes with its transaction, whatever happens
        reader.execute("BEGIN");
        reader.integer("SELECT count(*) FROM sqlite_master");  // the moment is that of the first read
        task(reader);
    }

   private:
    // This thread's own reader, found without a lock after the first time.
    SqliteLoopReader& loop_reader() {
        if (cached.database_id != id_) {
            const std::lock_guard lock(mutex_);
            auto& reader = loop_readers_[std::this_thread::get_id()];
            if (!reader) reader = std::make_unique<SqliteLoopReader>(file_, options_, counts_);
            cached = {id_, reader.get()};
        }
        return *cached.reader;
    }

    std::unique_ptr<SqliteConnection> take_reader() {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_readers_.empty()) {
                std::unique_ptr<SqliteConnection> reader = std::move(idle_readers_.back());
                idle_readers_.pop_back();
                return reader;
            }
        }
        return std::make_unique<SqliteConnection>(file_, options_, SqliteConnection::Role::reader, counts_);
    }

    void give_back(std::unique_ptr<SqliteConnection> reader) {
        counts_.connections_in_use.fetch_sub(1, std::memory_order_relaxed);
        const std::lock_guard lock(mutex_);
        idle_readers_.push_back(std::move(reader));
    }

    const std::unique_ptr<TemporarySqliteFile> temporary_;  // first, so that it goes after every connection
    const std::string file_;
    const Options options_;
    const std::uint64_t id_ = ++databases;
    std::mutex mutex_;  // guards the two below
    std::unordered_map<std::thread::id, std::unique_ptr<SqliteLoopReader>> loop_readers_;
    std::vector<std::unique_ptr<SqliteConnection>> idle_readers_;  // as many as there ever were reads at one time
    SqliteWriter writer_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const Url& url, const Options& options) {
    // SQLite counts the memory that it uses, under a lock that all its threads would share; nobody asks for the count. It refuses,
    // and goes on counting, when it is in use already.
    static const int not_counting = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(not_counting);
    if (url.temporary) {
        auto file = std::make_unique<TemporarySqliteFile>();
        const std::string path = file->path();
        return std::make_unique<SqliteDatabase>(std::move(file), path, options);
    }
    const std::string file = std::filesystem::absolute(url.path).lexically_normal().string();
    prepare_sqlite_file(file, options.create);
    return std::make_unique<SqliteDatabase>(nullptr, file, options);
}

}  // namespace app::db
