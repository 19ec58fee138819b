// Prepared statements. SQL lies beside its use; values are always bound, never written into it.
#pragma once
#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>

#include "persistence/sqlite/errors.hpp"
#include "states/time.hpp"

namespace pawl::sqlite {

struct Blob {  // bytes, where a string_view is text
    std::string_view bytes;
};

// Lives no longer than its connection; used by one thread at a time.
class Statement {
  public:
    Statement(sqlite3* db, std::string_view sql) {
        sqlite3_stmt* raw = nullptr;
        const int rc =
            sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
        handle_.reset(raw);
        if (rc != SQLITE_OK) throw last_error(db);
    }

    // Runs it to its end; for statements that give no rows.
    template <class... Values>
    void run(const Values&... values) {
        const Run run{*this, values...};
        while (run.step()) {}
    }

  private:
    friend class Rows;

    // Binds, and forgets what was bound at its end; so texts are not copied.
    class Run {
      public:
        template <class... Values>
        explicit Run(const Statement& statement, const Values&... values) : handle_{statement.handle_.get()} {
            int index = 0;
            (check(bind(++index, values)), ...);
        }
        ~Run() { sqlite3_reset(handle_); }  // ends the read transaction; its result is step's, once more
        Run(const Run&) = delete;
        Run& operator=(const Run&) = delete;

        bool step() const {
            const int rc = sqlite3_step(handle_);
            if (rc == SQLITE_ROW) return true;
            check(rc == SQLITE_DONE ? SQLITE_OK : rc);
            return false;
        }
        sqlite3_stmt* handle() const { return handle_; }

      private:
        template <class T>
        requires std::integral<T> || std::is_enum_v<T>
        int bind(int index, T value) const {
            return sqlite3_bind_int64(handle_, index, static_cast<std::int64_t>(value));
        }
        int bind(int index, double value) const { return sqlite3_bind_double(handle_, index, value); }
        int bind(int index, std::string_view value) const {
            return sqlite3_bind_text64(handle_, index, value.data() != nullptr ? value.data() : "", value.size(),
                                       SQLITE_STATIC, SQLITE_UTF8);
        }
        int bind(int index, Blob value) const {
            return sqlite3_bind_blob64(handle_, index, value.bytes.data() != nullptr ? value.bytes.data() : "",
                                       value.bytes.size(), SQLITE_STATIC);
        }
        int bind(int index, Instant value) const { return bind(index, std::int64_t{value.time_since_epoch().count()}); }
        template <class T>
        int bind(int index, const std::optional<T>& value) const {
            return value ? bind(index, *value) : sqlite3_bind_null(handle_, index);
        }
        void check(int rc) const {
            if (rc != SQLITE_OK) throw last_error(sqlite3_db_handle(handle_));
        }

        sqlite3_stmt* handle_;
    };

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// One run of a statement that gives rows: `for (Rows rows{statement, 7}; rows.next();) …`. Keeps its snapshot of the
// database, and the log from being recycled, for as long as it lives. The bound values must live as long.
class Rows {
  public:
    template <class... Values>
    explicit Rows(const Statement& statement, const Values&... values) : run_{statement, values...} {}

    bool next() { return run_.step(); }

    // Columns of the current row, from 0. Views are valid until the next one.
    bool is_null(int column) const { return sqlite3_column_type(run_.handle(), column) == SQLITE_NULL; }
    std::int64_t integer(int column) const { return sqlite3_column_int64(run_.handle(), column); }
    double real(int column) const { return sqlite3_column_double(run_.handle(), column); }
    std::string_view text(int column) const {
        const auto* const data = sqlite3_column_text(run_.handle(), column);
        return view(data, column);
    }
    std::string_view blob(int column) const {
        const void* const data = sqlite3_column_blob(run_.handle(), column);
        return view(data, column);
    }
    Instant instant(int column) const { return Instant{Millis{integer(column)}}; }
    std::optional<Instant> optional_instant(int column) const {
        return is_null(column) ? std::nullopt : std::optional{instant(column)};
    }

  private:
    // After column_text or column_blob, which may change how many bytes there are.
    std::string_view view(const void* data, int column) const {
        if (data == nullptr) return {};
        return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(run_.handle(), column))};
    }

    Statement::Run run_;
};

}  // namespace pawl::sqlite
