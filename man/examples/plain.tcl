# Plain mode of nps-console(8), whose prompts are promised there: how to answer them, and the three set-up screens.
source [file join [file dirname [info script]] common.tcl]

set choice {Choose 1 to [0-9]+( \[[0-9]+\])?: }
set names {address netmask gateway dns1 dns2 proxy port user}

# Nothing follows a prompt before it is answered, hence the $.
proc answer {prompt text} {
    expect {
        -re {Refused: ([0-9]+) ([^\r\n]*)} { fail $expect_out(1,string) $expect_out(0,string) }
        -re {There is no [^\r\n]* here\.}  { fail 2 $expect_out(0,string) }
        -re "$prompt$"                     { send -- "$text\r" }
        timeout                            { fail 2 "Not asked: $prompt" }
        eof                                { fail 3 "The console has ended." }
    }
}

# Entries are named, not numbered: a name stays the same when the menu gets another entry.
proc choose {entry} { answer $::choice $entry }

# With a \ in front everything is the value itself; a \ alone empties the field.
proc fill {label value} { answer [format {%s( \[[^\r\n]*\])?: } $label] "\\$value" }

proc hide {label secret} { answer [format {%s \(not shown\)( \[kept\])?: } $label] $secret }

proc done {words} {
    answer "Enter goes on: " ""
    say $words
}

# The first question is that of the main menu, or for the password of a locked console.
proc arrive {} {
    expect {
        "This console is locked" {
            hide "Password" [secret NPS_CONSOLE_PASSWORD]
            choose "OK"
        }
        -notransfer -re "$::choice$" {}
        "Waiting for the sensor"     { fail 10 "The sensor is not running." }
        timeout                      { fail 2 "The console asks nothing." }
        eof                          { fail 3 "The console has ended." }
    }
}

# From the main menu to the main menu. What is not given is left as it is.
proc set_up {array} {
    upvar $array want
    if {$want(address) ne ""} {
        choose "Set up Network"
        choose "Static IP"
        fill "IP address" $want(address)
        fill "Netmask" $want(netmask)
        fill "Gateway" $want(gateway)
        fill "DNS1" $want(dns1)
        fill "DNS2" $want(dns2)
        choose "Submit"
        done "network settings are in force"
    }
    if {$want(proxy) ne ""} {
        choose "Proxy Configuration"
        choose "Enable Proxy"
        fill "Proxy IP Address" $want(proxy)
        fill "Proxy Port" $want(port)
        choose "Next"
        if {$want(user) eq ""} {
            choose "NoAuth"
        } else {
            choose "BasicAuth"
            fill "Proxy User" $want(user)
            hide "Proxy Password" [secret NPS_PROXY_PASSWORD]
            choose "Submit"
        }
        done "proxy settings are in force"
    }
    if {[secret NPS_CODE] ne ""} {
        choose "Personalize this scanner"
        fill "Code" [secret NPS_CODE]
        choose "Submit"
        done "registered"
    }
}
