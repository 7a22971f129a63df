# What the scripts beside this file share: their arguments, how they end, and how they reach a line.
#
# Exit status of all of them:
#   0         done
#   10 to 33  refused: the product's number, see nps-errors(7)
#   1         called in a wrong way
#   2         the console did not show what was waited for
#   3         the console, or the line to it, has ended
#
# With log_user 0 nothing that is typed or shown goes to standard output, so no secret does. With exp_internal or
# log_file it would.
log_user 0

# Seconds without the next word of the console. Putting network settings in force takes longest.
set timeout 60

# Some programs refuse to begin on a terminal without a size.
set stty_init "rows 24 columns 132"

proc say {words} { puts stderr "[file tail $::argv0]: $words" }

# How a script leaves the console when it ends, where it must.
proc leave {} {}

proc fail {status words} {
    say $words
    leave
    exit $status
}

# Arguments of the form NAME=VALUE, as an array that has all of these names; "" for those that are not given.
proc take_values {array names arguments} {
    upvar $array value
    foreach name $names { set value($name) "" }
    foreach argument $arguments {
        if {![regexp {^(\w+)=(.*)$} $argument -> name given] || $name ni $names} {
            fail 1 "What is $argument? Known are: $names"
        }
        set value($name) $given
    }
}

# A secret comes from the environment: arguments are seen by everybody who lists processes.
proc secret {name} {
    if {![info exists ::env($name)]} { return "" }
    return $::env($name)
}

# The console at the other end of a line: a serial device such as /dev/ttyUSB0, or HOST:PORT of a terminal server that
# speaks telnet, such as ser2net(8). Tells whether it answers.
proc connect {line} {
    global spawn_id
    if {[regexp {^(.+):([0-9]+)$} $line -> host port]} {
        spawn telnet $host $port
        expect {
            "Escape character is" {}
            timeout { return 0 }
            eof     { return 0 }
        }
    } else {
        if {[catch {exec stty -F $line 115200 raw -echo}]} { return 0 }
        spawn -open [open $line {RDWR NOCTTY}]
    }
    # Ctrl-L has every console say something. Nothing else is typed before: telnet is not ready at once.
    for {set tries 0} {$tries < 5} {incr tries} {
        send "\f"
        expect {
            -timeout 2
            -re {[A-Za-z]{4}} { settle; return 1 }
            timeout           {}
            eof               { return 0 }
        }
    }
    return 0
}

# For a second everything is read and forgotten: what the line still held may be old.
proc settle {} {
    expect {
        -timeout 1
        -re .+  { exp_continue -continue_timer }
        timeout {}
        eof     {}
    }
}
